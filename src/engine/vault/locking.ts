import { sql } from 'drizzle-orm'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { SecretBytes } from '../../domain/secret-bytes.ts'
import { openAuditKey, type AuditTrail } from './audit.ts'
import type { VaultDatabase } from './database.ts'
import { createKeyHolder, type VaultKeyHolder } from './vault-keys.ts'
import { createMutex } from '../../domain/mutex.ts'
import type { KeyProtector } from './key-protector/key-protector.ts'
import { protectNewVault, recordedProtection, recoverDataKey } from './data-key.ts'
import { refusedUnlocksTable } from './schema.ts'

const underAPassphrase = 'it is protected by a passphrase'

export interface LockingParts {
  database: VaultDatabase
  keyHolder: VaultKeyHolder
  protectors: readonly KeyProtector[]
  audit: AuditTrail
  clock: () => Date
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

/** A locked vault serves reads except for secrets; it opens no key and accepts no change. */
export function lockingOf({ database, keyHolder, protectors, audit, clock }: LockingParts) {
  const refused = refusedUnlocksOf(database, clock)
  /** One at a time, because each attempt takes 128 MiB. */
  const exclusively = createMutex()
  const inTransaction = (act: () => void) => database.sqlite.transaction(act).immediate()
  const entryOf = (action: string, actor: string, after: { what: string } | null = null) => {
    return { actor, action, subject: 'vault', before: null, after }
  }

  async function unlockNow(actor: string, passphrase?: Buffer): Promise<boolean> {
    if (!keyHolder.protection.locked) return false
    await open({ database, keyHolder, protectors }, passphrase)
    try {
      inTransaction(() => {
        refused.report(audit)
        audit.append(entryOf('vault.unlock', actor))
      })
    } catch (error) {
      keyHolder.lock('its audit trail cannot be written')
      throw error
    }
    return true
  }

  async function checkNow(passphrase: Buffer): Promise<void> {
    using _dataKey = await recoverDataKey(database, protectors, passphrase)
  }

  return {
    /** @throws `vault.locked` */
    requireUnlocked: (): void => void keyHolder.dataKey(),
    /**
     * Wipes the keys. `reason` completes "The vault is locked: …". The vault is locked even if this throws.
     */
    lock(actor: string, reason: string): void {
      if (keyHolder.protection.locked) return
      try {
        inTransaction(() => audit.append(entryOf('vault.lock', actor)))
      } finally {
        keyHolder.lock(reason)
      }
    },
    /**
     * Unlocks the vault with its own protector; returns whether it was locked.
     * @throws `vault.wrong_passphrase`, `vault.passphrase_needed`, and `vault.locked` if the protector fails
     */
    unlock: (actor: string, passphrase?: Buffer) => exclusively(() => unlockNow(actor, passphrase)),
    /**
     * Verifies the vault's passphrase; changes nothing.
     * @throws as `unlock`
     */
    checkPassphrase: (passphrase: Buffer) => exclusively(() => checkNow(passphrase)),
    /** Records a wrong secret for `what` in the audit trail; while the vault is locked, at the next unlocking. */
    recordRefusal(actor: string, what: string): void {
      if (keyHolder.protection.locked) return refused.note(actor)
      inTransaction(() => audit.append(entryOf('vault.refuse', actor, { what })))
    },
  }
}

/**
 * Wrong passphrases given to a locked vault, whose audit trail cannot be written. Counted here, one row per
 * kind of caller, and moved into the trail by the next unlocking.
 */
function refusedUnlocksOf({ query }: VaultDatabase, clock: () => Date) {
  return {
    note(actor: string): void {
      const at = clock().toISOString()
      const insert = query.insert(refusedUnlocksTable).values({ actor, attempts: 1, firstAt: at, lastAt: at })
      const set = { attempts: sql`${refusedUnlocksTable.attempts} + 1`, lastAt: at }
      insert.onConflictDoUpdate({ target: refusedUnlocksTable.actor, set }).run()
    },
    /** Moves the counts into the trail; inside the transaction of an unlocking. */
    report(audit: AuditTrail): void {
      const entry = { action: 'vault.refuse', subject: 'vault', before: null }
      for (const { actor, ...counts } of query.select().from(refusedUnlocksTable).all())
        audit.append({ ...entry, actor, after: { what: 'unlock', ...counts } })
      query.delete(refusedUnlocksTable).run()
    },
  }
}
