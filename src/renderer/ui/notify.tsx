import { Button } from '@mantine/core'
import { notifications, type NotificationData } from '@mantine/notifications'

/** Brief success notification that replaces the one before. With `next` it has a button and stays longer. */
export function notifyDone(message: string, next?: { label: string; act: () => void }): void {
  if (!next) return inPlaceOf('done', { message, autoClose: readingMs(message) })
  const button = (
    <Button variant="default" size="compact-sm" mt={6} onClick={next.act}>
      {next.label}
    </Button>
  )
  inPlaceOf('done', { title: message, message: button, styles, autoClose: 3 * readingMs(message) })
}

/** The library dims the text below a title too much for readable contrast. */
const styles = { description: { color: 'var(--mantine-color-text)' } }

/** Error notification that stays until it is closed. */
export function notifyRefused(title: string, message: string): void {
  notifications.show({ title, message, color: 'red', autoClose: false, withBorder: true, styles })
}

/** Notification of a change to who can open the vault. Replaces the previous one of the same kind. */
export function notifyOfVault(notice: {
  kind: string
  title: string
  message: string
  alarm: boolean
}): void {
  const { kind, title, message, alarm } = notice
  // Stays open if the window is not in view.
  const isSeen = document.visibilityState === 'visible' && document.hasFocus()
  inPlaceOf(`vault-${kind}`, {
    title,
    message,
    styles,
    ...(alarm ? { color: 'red' } : {}),
    autoClose: isSeen && !alarm ? readingMs(`${title} ${message}`) : false,
  })
}

/** Id of the latest notification per kind. */
const shown = new Map<string, string>()

/** A fresh id each time: with the same id, the library keeps the timeout of the previous notification. */
function inPlaceOf(kind: string, notice: NotificationData): void {
  const before = shown.get(kind)
  if (before) notifications.hide(before)
  shown.set(kind, notifications.show({ withBorder: true, ...notice }))
}

/** 2 s to notice it, plus reading time at 15 characters per second (subtitle speed). */
function readingMs(text: string): number {
  return 2_000 + (text.length * 1_000) / 15
}
