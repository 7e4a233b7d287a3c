import { notifications } from '@mantine/notifications'

/** Says quietly that something is done. */
export function notifyDone(message: string): void {
  notifications.show({ message, autoClose: 3500, withBorder: true })
}
