import { notifications } from '@mantine/notifications'

/** Says quietly that something is done; the latest takes the place of the one before. */
export function notifyDone(message: string): void {
  notifications.hide(done)
  notifications.show({ id: done, message, autoClose: 3500, withBorder: true })
}

const done = 'done'
/** Below a title the library dims the text beyond the contrast that reading takes. */
const styles = { description: { color: 'var(--mantine-color-text)' } }

/** Says that something was asked for and not done, and why; it stays until it is closed. */
export function notifyRefused(title: string, message: string): void {
  notifications.show({ title, message, color: 'red', autoClose: false, withBorder: true, styles })
}

/** Says that something was done that concerns who can open the vault. One of a kind stands for those before it. */
export function notifyOfVault(notice: {
  kind: string
  title: string
  message: string
  alarm: boolean
}): void {
  const { kind, title, message, alarm } = notice
  const id = `vault-${kind}`
  // What nobody is there to see stays until it is closed.
  const isSeen = document.visibilityState === 'visible' && document.hasFocus()
  notifications.hide(id)
  notifications.show({
    id,
    title,
    message,
    withBorder: true,
    styles,
    ...(alarm ? { color: 'red' } : {}),
    autoClose: isSeen && !alarm ? 8000 : false,
  })
}
