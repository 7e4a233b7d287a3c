import type { Locking } from '../../../contract/custody.ts'
import type { EngineParts } from '../core/parts.ts'

const AFTER_MINUTES = 'vault.lock-after-minutes'
const STOP_SERVING = 'vault.lock-stops-serving'

export function lockingSettings({ vault }: EngineParts): Locking {
  const minutes = Number(vault.settings.get(AFTER_MINUTES) ?? 0)
  return { autoLockMinutes: minutes || null, stopServing: vault.settings.get(STOP_SERVING) === 'yes' }
}

/** To be called inside a change. */
export function storeLockingSettings(
  { vault }: EngineParts,
  { autoLockMinutes, stopServing }: Locking,
): void {
  vault.settings.set(AFTER_MINUTES, String(autoLockMinutes ?? 0))
  vault.settings.set(STOP_SERVING, stopServing ? 'yes' : 'no')
}
