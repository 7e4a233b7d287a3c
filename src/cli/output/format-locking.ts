import type { Locking, ProtectionStatus } from '../../contract/custody/custody.ts'

/** Auto-lock and its effect on the edge, in sentences. */
export function formatLocking(
  { autoLockMinutes, stopServing }: Locking,
  { protector }: ProtectionStatus,
): string {
  const edge = stopServing
    ? 'While it is locked the edge serves no HTTPS.'
    : 'While it is locked the edge keeps serving what it has.'
  if (autoLockMinutes === null) return `The vault does not lock itself. ${edge}`
  const minutes = `${autoLockMinutes} ${autoLockMinutes === 1 ? 'minute' : 'minutes'}`
  const when = `The vault locks itself after ${minutes} without a change or use of a window.`
  if (protector === 'passphrase') return `${when} ${edge}`
  return `${when} That has no effect yet: only a passphrase keeps it locked (edgekeep vault protect passphrase). ${edge}`
}
