import { notifications } from '@mantine/notifications'

/** Says quietly that something is done; the latest takes the place of the one before. */
export function notifyDone(message: string): void {
  notifications.clean()
  notifications.show({ message, autoClose: 3500, withBorder: true })
}

/** Says that something was asked for and not done, and why; it stays until it is closed. */
export function notifyRefused(title: string, message: string): void {
  notifications.show({ title, message, color: 'red', autoClose: false, withBorder: true })
}
