import { EdgekeepError } from '../../contract/errors.ts'
import type { TrustAction } from '../../contract/trust.ts'
import { commit, type ChangeRecord } from '../core/commit.ts'
import type { EngineParts } from '../parts.ts'

/**
 * Before anything on this computer is changed: what is installed has a row in the audit trail, which a locked vault
 * does not take. An undo needs none, so that who has lost the passphrase can still leave.
 * @throws `vault.locked`
 */
export function expectRecordable({ vault }: Pick<EngineParts, 'vault'>, action: TrustAction): void {
  if (action === 'install' && vault.protection.locked)
    throw new EdgekeepError('vault.locked', { reason: 'what changes this computer could not be recorded' })
}

/** Writes what was changed on this computer to the audit trail; an undo under a locked vault to the log alone. */
export async function recordChange(parts: EngineParts, record: ChangeRecord): Promise<void> {
  if (parts.vault.protection.locked)
    parts.log.warn({ record }, 'Undone while the vault is locked, so that the audit trail has no row of it')
  else await commit(parts, () => ({ record }))
}
