import { notifications } from '@mantine/notifications'

/** Says quietly that something is done; the latest takes the place of the one before. */
export function notifyDone(message: string): void {
  notifications.clean()
  notifications.show({ message, autoClose: 3500, withBorder: true })
}
