import { EdgekeepError } from '../../contract/errors.ts'
import { openAuditKey, type AuditTrail } from './audit.ts'
import type { VaultDatabase } from './database.ts'
import { heldKeys, type HeldKeys } from './held-keys.ts'
import { createTurns } from './in-turn.ts'
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
  held: HeldKeys
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
): Promise<HeldKeys> {
  const recorded = recordedProtection(database)
  if (!recorded) {
    const { protection, dataKey } = await protectNewVault(database, forNew)
    const held = heldKeys(protection, '')
    holdDataKey(database, held, dataKey)
    return held
  }
  const held = heldKeys(recorded, underAPassphrase)
  if (recorded.protector !== 'passphrase') await openOrSayWhy({ database, held, protectors })
  return held
}

type OpeningParts = Pick<LockingParts, 'database' | 'held' | 'protectors'>

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
async function open({ database, held, protectors }: OpeningParts, passphrase?: Buffer): Promise<void> {
  try {
    holdDataKey(database, held, await recoverDataKey(database, protectors, passphrase))
  } catch (error) {
    if (error instanceof EdgekeepError && error.code === 'vault.locked')
      held.lock((error as EdgekeepError<'vault.locked'>).data.reason)
    throw error
  }
}

function holdDataKey(database: VaultDatabase, held: HeldKeys, dataKey: Buffer): void {
  try {
    held.hold({ dataKey, auditKey: openAuditKey(database, dataKey) })
  } catch (error) {
    dataKey.fill(0)
    throw error
  }
}

export function lockingOf({ database, held, protectors, audit, refused }: LockingParts): Locking {
  /** One at a time, because each attempt takes 128 MiB. */
  const inTurn = createTurns()

  function record(action: string, actor: string): void {
    const entry = { actor, action, subject: 'vault', before: null, after: null }
    database.sqlite
      .transaction(() => {
        if (action === 'vault.unlock') refused.tell(audit)
        audit.append(entry)
      })
      .immediate()
  }

  function lock(actor: string, reason: string): void {
    if (held.protection.locked) return
    try {
      record('vault.lock', actor)
    } finally {
      held.lock(reason)
    }
  }

  async function unlockNow(actor: string, passphrase?: Buffer): Promise<boolean> {
    if (!held.protection.locked) return false
    await open({ database, held, protectors }, passphrase)
    try {
      record('vault.unlock', actor)
    } catch (error) {
      held.lock('its audit trail cannot be written')
      throw error
    }
    return true
  }

  function recordRefusal(actor: string, what: string): void {
    if (held.protection.locked) return refused.note(actor)
    const entry = { actor, action: 'vault.refuse', subject: 'vault', before: null, after: { what } }
    database.sqlite.transaction(() => audit.append(entry)).immediate()
  }

  async function checkNow(passphrase: Buffer): Promise<void> {
    const dataKey = await recoverDataKey(database, protectors, passphrase)
    dataKey.fill(0)
  }

  return {
    requireUnlocked: () => void held.dataKey(),
    lock,
    unlock: (actor, passphrase) => inTurn(() => unlockNow(actor, passphrase)),
    checkPassphrase: (passphrase) => inTurn(() => checkNow(passphrase)),
    recordRefusal,
  }
}
