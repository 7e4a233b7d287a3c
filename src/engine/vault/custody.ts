import { randomBytes } from 'node:crypto'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { SecretBytes } from '../../domain/secret-bytes.ts'
import type { AuditTrail } from './audit.ts'
import type { CleanUp } from './clean-up.ts'
import type { VaultDatabase } from './database.ts'
import type { Erasure } from './erasure.ts'
import { createMutex } from '../../domain/mutex.ts'
import { ProtectorFailure, type KeyProtector } from './key-protector/key-protector.ts'
import type { VaultKeyHolder } from './vault-keys.ts'
import { forgetNoted, noteToForget, strikeToForget, type WrappingKeyName } from './keys-to-forget.ts'
import { dataKeyBinding, identityOf, newDataKey, protectionRow, recoverDataKey } from './data-key.ts'
import { resealAll } from './reseal.ts'
import { protectionTable, type ProtectorKind } from './schema.ts'
import { seal } from './seal.ts'

export interface ProtectorState {
  protector: ProtectorKind
  whyNot: string | null
}

export interface CustodyParts {
  database: VaultDatabase
  folder: string
  /** Overwritten in place with the new keys and protection. */
  keyHolder: VaultKeyHolder
  protectors: readonly KeyProtector[]
  audit: AuditTrail
  erasure: Erasure
  cleanUp: CleanUp
}

/**
 * Rotates the vault's keys, one rotation at a time, each in one transaction: a new data key under a new
 * wrapping key, every secret sealed again. After the commit the old wrapping key is removed and the old
 * ciphertexts are erased from the files (`clean-up.ts`). An older copy of the database with its wrapping key
 * opens nothing that is stored later.
 */
export function custodyOf(parts: CustodyParts) {
  const { keyHolder, protectors, erasure } = parts
  const exclusively = createMutex()

  async function moveTo(kind: ProtectorKind, actor: string, passphrase?: Buffer): Promise<void> {
    keyHolder.dataKey()
    await rewrap(parts, protectorOf(protectors, kind), actor, passphrase)
    erasure.cleanWhenDue()
    await forgetNoted(parts)
  }

  async function rotate(actor: string, passphrase?: Buffer): Promise<void> {
    const { protector } = keyHolder.protection
    if (protector === 'passphrase') await refuseAnother(parts, passphrase)
    return moveTo(protector, actor, passphrase)
  }

  return {
    /** States of all protectors on this computer, with the reason for those that are not available. */
    protectors: (): Promise<ProtectorState[]> =>
      Promise.all(protectors.map(async (one) => ({ protector: one.kind, whyNot: await one.whyNot() }))),
    /**
     * Rotates to another protector, or to another passphrase; the old protector forgets its key.
     * @throws as `rotate`, but takes any passphrase
     */
    moveTo: (...wanted: Parameters<typeof moveTo>) => exclusively(() => moveTo(...wanted)),
    /**
     * Rotates with the same protector; a vault under a passphrase needs the passphrase.
     * @throws `vault.locked`, `vault.passphrase_needed`, `vault.wrong_passphrase`, `vault.protector_failed` and
     *   `key.unsealable`; nothing has changed then
     */
    rotate: (...wanted: Parameters<typeof rotate>) => exclusively(() => rotate(...wanted)),
  }
}

/** Refuses a mistyped passphrase, with which a rotation would replace the right one. */
async function refuseAnother(
  { database, keyHolder, protectors }: CustodyParts,
  given?: Buffer,
): Promise<void> {
  keyHolder.dataKey()
  using _dataKey = await recoverDataKey(database, protectors, given)
}

async function rewrap(
  parts: CustodyParts,
  protector: KeyProtector,
  actor: string,
  passphrase: Buffer | undefined,
): Promise<void> {
  const { database, keyHolder } = parts
  const keyName = `${identityOf(database)}-${randomBytes(4).toString('hex')}`
  const incoming: WrappingKeyName = { protector: protector.kind, keyName }
  noteToForget(database, incoming)
  using wrappingKey = await establish(protector, keyName, passphrase)
  using dataKey = newDataKey()
  const keys = { dataKey: dataKey.bytes, wrappingKey: wrappingKey.bytes }
  database.sqlite.transaction(() => replaceDataKey(parts, protector, incoming, keys, actor)).immediate()
  dataKey.bytes.copy(keyHolder.dataKey())
  const { kind, weak, reason } = protector
  Object.assign(keyHolder.protection, { protector: kind, weak, reason })
}

function replaceDataKey(
  { database, keyHolder, audit, erasure }: CustodyParts,
  { weak, reason }: KeyProtector,
  incoming: WrappingKeyName,
  { dataKey, wrappingKey }: { dataKey: Buffer; wrappingKey: Buffer },
  actor: string,
): void {
  const before = protectionRow(database)
  resealAll(database, keyHolder.dataKey(), dataKey)
  const wrappedDataKey = seal(wrappingKey, dataKey, dataKeyBinding(identityOf(database)))
  database.query
    .update(protectionTable)
    .set({ ...incoming, weak, reason, wrappedDataKey })
    .run()
  strikeToForget(database, incoming)
  noteToForget(database, { protector: before.protector, keyName: before.keyName })
  erasure.keyDeleted()
  audit.append({
    actor,
    action: 'vault.rotate',
    subject: 'data key',
    before: { protector: before.protector },
    after: { protector: incoming.protector },
  })
}

function protectorOf(protectors: readonly KeyProtector[], kind: ProtectorKind): KeyProtector {
  const protector = protectors.find((candidate) => candidate.kind === kind)
  if (protector) return protector
  throw new EdgekeepError('vault.protector_failed', { reason: `it cannot be used here (${kind})` })
}

async function establish(
  protector: KeyProtector,
  keyName: string,
  passphrase?: Buffer,
): Promise<SecretBytes> {
  try {
    return await protector.establish(keyName, passphrase)
  } catch (error) {
    if (!(error instanceof ProtectorFailure)) throw error
    throw new EdgekeepError('vault.protector_failed', { reason: error.reason }, { cause: error })
  }
}
