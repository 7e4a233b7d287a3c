import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { SecretBytes } from '../../domain/secret-bytes.ts'
import { openAuditKey, type AuditTrail } from './audit.ts'
import type { VaultDatabase } from './database.ts'
import { createKeyHolder, type VaultKeyHolder } from './vault-keys.ts'
import { createMutex } from './mutex.ts'
import type { KeyProtector } from './key-protector/key-protector.ts'
import { protectNewVault, recordedProtection, recoverDataKey } from './protection.ts'
import type { RefusedUnlocks } from './refused-unlocks.ts'

const underAPassphrase = 'it is protected by a passphrase'

/** A locked vault serves reads except for secrets; it opens no key and accepts no change. */
export interface Locking {
  /** @throws `vault.locked` */
  requireUnlocked(): void
  /**
   * Zeroes the keys. `reason` completes "The vault is locked: …". The vault is locked even if this throws.
   */
  lock(actor: string, reason: string): void
  /**
   * Unlocks the vault with its own protector; returns whether it was locked.
   * @throws `vault.wrong_passphrase`, `vault.passphrase_needed`, and `vault.locked` if the protector fails
   */
  unlock(actor: string, passphrase?: Buffer): Promise<boolean>
  /**
   * Verifies the vault's passphrase; changes nothing.
   * @throws as `unlock`
   */
  checkPassphrase(passphrase: Buffer): Promise<void>
  /**
   * Records a wrong secret for `what` in the audit trail; while the vault is locked, at the next unlocking.
   */
  recordRefusal(actor: string, what: string): void
}

export interface LockingParts {
  database: VaultDatabase
  keyHolder: VaultKeyHolder
  protectors: readonly KeyProtector[]
  audit: AuditTrail
  refused: RefusedUnlocks
}

/**
 * Opens the keys of a vault; locked if a passphrase is needed or the protector fails. A new vault uses the
 * first working protector of `forNew`.
 */
export async function openKeys(
  database: VaultDatabase,
  protectors: readonly KeyProtector[],
  forNew: readonly KeyProtector[],
): Promise<VaultKeyHolder> {
  const recorded = recordedProtection(database)
  if (!recorded) {
    const { protection, dataKey } = await protectNewVault(database, forNew)
    const keyHolder = createKeyHolder(protection, '')
    holdDataKey(database, keyHolder, dataKey)
    return keyHolder
  }
  const keyHolder = createKeyHolder(recorded, underAPassphrase)
  if (recorded.protector !== 'passphrase') await openOrSayWhy({ database, keyHolder, protectors })
  return keyHolder
}

type OpeningParts = Pick<LockingParts, 'database' | 'keyHolder' | 'protectors'>

async function openOrSayWhy(parts: OpeningParts): Promise<void> {
  try {
    await open(parts)
  } catch (error) {
    if (!(error instanceof EdgekeepError) || error.code !== 'vault.locked') throw error
  }
}

/**
 * Locks the vault with the reason when the protector fails.
 * @throws as `recoverDataKey`
 */
async function open({ database, keyHolder, protectors }: OpeningParts, passphrase?: Buffer): Promise<void> {
  try {
    holdDataKey(database, keyHolder, await recoverDataKey(database, protectors, passphrase))
  } catch (error) {
    if (error instanceof EdgekeepError && error.code === 'vault.locked')
      keyHolder.lock((error as EdgekeepError<'vault.locked'>).data.reason)
    throw error
  }
}

function holdDataKey(database: VaultDatabase, keyHolder: VaultKeyHolder, opened: SecretBytes): void {
  using dataKey = opened
  const auditKey = openAuditKey(database, dataKey.bytes)
  keyHolder.hold({ dataKey: dataKey.move(), auditKey })
}

export function lockingOf({ database, keyHolder, protectors, audit, refused }: LockingParts): Locking {
  /** One at a time, because each attempt takes 128 MiB. */
  const exclusively = createMutex()

  function record(action: string, actor: string): void {
    const entry = { actor, action, subject: 'vault', before: null, after: null }
    database.sqlite
      .transaction(() => {
        if (action === 'vault.unlock') refused.report(audit)
        audit.append(entry)
      })
      .immediate()
  }

  function lock(actor: string, reason: string): void {
    if (keyHolder.protection.locked) return
    try {
      record('vault.lock', actor)
    } finally {
      keyHolder.lock(reason)
    }
  }

  async function unlockNow(actor: string, passphrase?: Buffer): Promise<boolean> {
    if (!keyHolder.protection.locked) return false
    await open({ database, keyHolder, protectors }, passphrase)
    try {
      record('vault.unlock', actor)
    } catch (error) {
      keyHolder.lock('its audit trail cannot be written')
      throw error
    }
    return true
  }

  function recordRefusal(actor: string, what: string): void {
    if (keyHolder.protection.locked) return refused.note(actor)
    const entry = { actor, action: 'vault.refuse', subject: 'vault', before: null, after: { what } }
    database.sqlite.transaction(() => audit.append(entry)).immediate()
  }

  async function checkNow(passphrase: Buffer): Promise<void> {
    using _dataKey = await recoverDataKey(database, protectors, passphrase)
  }

  return {
    requireUnlocked: () => void keyHolder.dataKey(),
    lock,
    unlock: (actor, passphrase) => exclusively(() => unlockNow(actor, passphrase)),
    checkPassphrase: (passphrase) => exclusively(() => checkNow(passphrase)),
    recordRefusal,
  }
}
