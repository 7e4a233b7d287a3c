import type { Locking } from '../../../contract/custody.ts'
import type { EngineParts } from '../core/parts.ts'
import { autoLockMinutes, lockStopsServing } from '../core/settings.ts'

export function lockingSettings({ vault }: Pick<EngineParts, 'vault'>): Locking {
  return { autoLockMinutes: autoLockMinutes.read(vault) || null, stopServing: lockStopsServing.read(vault) }
}
