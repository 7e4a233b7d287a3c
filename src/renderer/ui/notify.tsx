import { Button } from '@mantine/core'
import { notifications, type NotificationData } from '@mantine/notifications'

/**
 * Quiet notification of a finished act; the latest replaces the one before. With `next` it has a button and stays
 * longer.
 */
export function notifyDone(message: string, next?: { label: string; act: () => void }): void {
  if (!next) return inPlaceOf('done', { message, autoClose: readingMs(message) })
  const button = (
    <Button variant="default" size="compact-sm" mt={6} onClick={next.act}>
      {next.label}
    </Button>
  )
  inPlaceOf('done', { title: message, message: button, styles, autoClose: 3 * readingMs(message) })
}

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
  // What nobody is there to see stays until it is closed.
  const isSeen = document.visibilityState === 'visible' && document.hasFocus()
  inPlaceOf(`vault-${kind}`, {
    title,
    message,
    styles,
    ...(alarm ? { color: 'red' } : {}),
    autoClose: isSeen && !alarm ? readingMs(`${title} ${message}`) : false,
  })
}

/** The last of each kind. */
const shown = new Map<string, string>()

/** Each is another one for the library: with the same id it would close when the one before would have closed. */
function inPlaceOf(kind: string, notice: NotificationData): void {
  const before = shown.get(kind)
  if (before) notifications.hide(before)
  shown.set(kind, notifications.show({ withBorder: true, ...notice }))
}

/** Time to notice it, and to read 15 characters a second, as subtitles are timed. */
function readingMs(text: string): number {
  return 2_000 + (text.length * 1_000) / 15
}
