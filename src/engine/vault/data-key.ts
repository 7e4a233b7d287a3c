import { vaultDamaged } from './failures.ts'
import { randomBytes } from 'node:crypto'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { SecretBytes } from '../../domain/secret-bytes.ts'
import type { VaultDatabase } from './database.ts'
import type { Protection } from './vault-keys.ts'
import { ProtectorFailure, type KeyProtector } from './key-protector/key-protector.ts'
import { protectionTable, sealedKeysTable, vaultTable, type ProtectorKind } from './schema.ts'
import { BrokenSeal, seal, unseal, type SealBinding } from './seal.ts'

export interface ProtectedDataKey {
  protection: Protection
  /** 32 bytes. */
  dataKey: SecretBytes
}

const dataKeyBytes = 32
const protectionIsGone = 'the record of its protection is gone'

export function protectionRow({ query }: VaultDatabase): typeof protectionTable.$inferSelect {
  const row = query.select().from(protectionTable).get()
  if (row) return row
  throw vaultDamaged(protectionIsGone)
}

/** Returns the protection of the data key; undefined in a vault without one. */
export function recordedProtection({ query }: VaultDatabase): Protection | undefined {
  const recorded = query.select().from(protectionTable).get()
  return recorded && { protector: recorded.protector, weak: recorded.weak, reason: recorded.reason }
}

/**
 * Recovers the data key from the recorded protector and no other. A failure locks the vault (vault.locked); a
 * second data key is never made.
 * @throws `vault.wrong_passphrase` and `vault.passphrase_needed` for a vault under a passphrase
 */
export async function recoverDataKey(
  database: VaultDatabase,
  protectors: readonly KeyProtector[],
  passphrase?: Buffer,
): Promise<SecretBytes> {
  const { protector: kind, wrappedDataKey, keyName } = protectionRow(database)
  const protector = protectors.find((candidate) => candidate.kind === kind)
  if (!protector) throw locked(`its key is kept by a protector that cannot be used here (${kind})`)
  using wrappingKey = await recoverOrLock(protector, keyName, passphrase)
  return unwrap(wrappingKey.bytes, wrappedDataKey, identityOf(database), kind)
}

/** Id of the vault, which never changes. */
export function identityOf({ query }: VaultDatabase): string {
  const row = query.select().from(vaultTable).get()
  if (!row) throw vaultDamaged('the row that names it is gone')
  return row.vaultId
}

export function dataKeyBinding(vaultId: string): SealBinding {
  return { table: 'protection', row: vaultId, spkiSha256: '' }
}

export function newDataKey(): SecretBytes {
  return new SecretBytes(randomBytes(dataKeyBytes))
}

/** Makes the data key of a new vault and records the first working protector. */
export async function protectNewVault(
  database: VaultDatabase,
  protectors: readonly KeyProtector[],
): Promise<ProtectedDataKey> {
  if (database.query.select().from(sealedKeysTable).limit(1).get()) throw vaultDamaged(protectionIsGone)
  return protectAnew(database, protectors, identityOf(database))
}

/** Makes a data key; records the first working protector and its key's name. */
export async function protectAnew(
  database: VaultDatabase,
  protectors: readonly KeyProtector[],
  keyName: string,
  passphrase?: Buffer,
): Promise<ProtectedDataKey> {
  const { protector, failures, ...established } = await firstThatWorks(protectors, keyName, passphrase)
  using wrappingKey = established.wrappingKey
  using dataKey = newDataKey()
  const wrappedDataKey = seal(wrappingKey.bytes, dataKey.bytes, dataKeyBinding(identityOf(database)))
  const reason = [protector.reason, ...failures.map((failure) => `${capital(failure)}.`)].join(' ')
  const protection = { protector: protector.kind, weak: protector.weak, reason }
  const row = { ...protection, wrappedDataKey, keyName }
  const insert = database.query.insert(protectionTable).values({ id: 1, ...row })
  insert.onConflictDoUpdate({ target: protectionTable.id, set: row }).run()
  return { protection, dataKey: dataKey.move() }
}

async function firstThatWorks(protectors: readonly KeyProtector[], keyName: string, passphrase?: Buffer) {
  const failures: string[] = []
  for (const protector of protectors) {
    try {
      return { protector, wrappingKey: await protector.establish(keyName, passphrase), failures }
    } catch (error) {
      if (!(error instanceof ProtectorFailure)) throw error
      failures.push(error.reason)
    }
  }
  throw locked(failures.join('; ') || 'there is no protector for its key')
}

function unwrap(wrappingKey: Buffer, wrapped: Buffer, vaultId: string, kind: ProtectorKind): SecretBytes {
  try {
    return unseal(wrappingKey, wrapped, dataKeyBinding(vaultId))
  } catch (cause) {
    if (!(cause instanceof BrokenSeal)) throw cause
    if (kind === 'passphrase') throw new EdgekeepError('vault.wrong_passphrase', {}, { cause })
    throw locked('the key that its protector holds does not open it', cause)
  }
}

async function recoverOrLock(
  protector: KeyProtector,
  keyName: string,
  passphrase: Buffer | undefined,
): Promise<SecretBytes> {
  try {
    return await protector.recover(keyName, passphrase)
  } catch (error) {
    throw error instanceof ProtectorFailure ? locked(error.reason, error) : error
  }
}

function locked(reason: string, cause?: unknown): EdgekeepError {
  return new EdgekeepError('vault.locked', { reason }, { cause })
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
