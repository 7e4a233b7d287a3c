import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { TrustAction } from '../../contract/trust/trust.ts'
import { commit, type ChangeRecord } from '../core/commit.ts'
import type { Core } from '../core/core.ts'

/**
 * Refuses an install that could not be recorded: a locked vault takes no rows in the audit trail. An undo
 * needs none, so that a user without the passphrase can still remove Edgekeep.
 * @throws `vault.locked`
 */
export function expectRecordable({ vault }: Pick<Core, 'vault'>, action: TrustAction): void {
  if (action === 'install' && vault.protection.locked)
    throw new EdgekeepError('vault.locked', { reason: 'what changes this computer could not be recorded' })
}

/** Records a change in the audit trail; an undo under a locked vault in the log only. */
export async function recordChange(parts: Core, record: ChangeRecord): Promise<void> {
  if (parts.vault.protection.locked)
    parts.log.warn({ record }, 'Undone while the vault is locked, so that the audit trail has no row of it')
  else await commit(parts, () => ({ record }))
}
