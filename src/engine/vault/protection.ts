import { randomBytes } from 'node:crypto'
import { EdgekeepError } from '../../contract/errors.ts'
import type { VaultDatabase } from './database.ts'
import { ProtectorFailure, type KeyProtector } from './key-protector/key-protector.ts'
import { protectionTable, sealedKeysTable, vaultTable, type ProtectorKind } from './schema.ts'
import { BrokenSeal, seal, unseal, type SealBinding } from './seal.ts'

/** How the data key is kept, as the vault has it recorded. */
export interface Protection {
  protector: ProtectorKind
  weak: boolean
  reason: string
}

export interface OpenedDataKey {
  protection: Protection
  /** 32 bytes; the vault zeroes it when it closes. */
  dataKey: Buffer
}

const DATA_KEY_BYTES = 32

/**
 * Gives the vault's data key. A new vault takes the first protector that works and records it;
 * from then on that one alone is asked, and where it fails the vault is locked (vault.locked):
 * another protector is never tried, and a second data key is never made.
 */
export async function openDataKey(
  database: VaultDatabase,
  protectors: readonly KeyProtector[],
): Promise<OpenedDataKey> {
  const vaultId = identityOf(database)
  const recorded = database.query.select().from(protectionTable).get()
  if (!recorded) return protectNewVault(database, protectors, vaultId)
  const { protector: kind, weak, reason, wrappedDataKey, keyName } = recorded
  const protector = protectors.find((candidate) => candidate.kind === kind)
  if (!protector) throw locked(`its key is kept by a protector that cannot be used here (${kind})`)
  const dataKey = await unwrap(protector, keyName, wrappedDataKey, vaultId)
  return { protection: { protector: kind, weak, reason }, dataKey }
}

/** The vault's own name, made with it and never changed. */
export function identityOf({ query }: VaultDatabase): string {
  const row = query.select().from(vaultTable).get()
  if (!row) throw new EdgekeepError('vault.damaged', { reason: 'the row that names it is gone' })
  return row.vaultId
}

/** What binds the wrapped data key to its vault. */
export function dataKeyBinding(vaultId: string): SealBinding {
  return { table: 'protection', row: vaultId, spkiSha256: '' }
}

export function newDataKey(): Buffer {
  return randomBytes(DATA_KEY_BYTES)
}

async function protectNewVault(
  database: VaultDatabase,
  protectors: readonly KeyProtector[],
  vaultId: string,
): Promise<OpenedDataKey> {
  if (database.query.select().from(sealedKeysTable).limit(1).get())
    throw new EdgekeepError('vault.damaged', { reason: 'the record of its protection is gone' })
  return protectAnew(database, protectors, vaultId)
}

/** Makes a data key and records the first protector that works as what keeps it, by `keyName`. */
export async function protectAnew(
  database: VaultDatabase,
  protectors: readonly KeyProtector[],
  keyName: string,
): Promise<OpenedDataKey> {
  const { protector, wrappingKey, failures } = await firstThatWorks(protectors, keyName)
  const dataKey = newDataKey()
  const wrappedDataKey = seal(wrappingKey, dataKey, dataKeyBinding(identityOf(database)))
  wrappingKey.fill(0)
  const reason = [protector.reason, ...failures.map((failure) => `${capital(failure)}.`)].join(' ')
  const protection = { protector: protector.kind, weak: protector.weak, reason }
  const row = { ...protection, wrappedDataKey, keyName }
  const insert = database.query.insert(protectionTable).values({ id: 1, ...row })
  insert.onConflictDoUpdate({ target: protectionTable.id, set: row }).run()
  return { protection, dataKey }
}

async function firstThatWorks(protectors: readonly KeyProtector[], keyName: string) {
  const failures: string[] = []
  for (const protector of protectors) {
    try {
      return { protector, wrappingKey: await protector.establish(keyName), failures }
    } catch (error) {
      if (!(error instanceof ProtectorFailure)) throw error
      failures.push(error.reason)
    }
  }
  throw locked(failures.join('; ') || 'there is no protector for its key')
}

async function unwrap(
  protector: KeyProtector,
  keyName: string,
  wrapped: Buffer,
  vaultId: string,
): Promise<Buffer> {
  const wrappingKey = await recoverOrLock(protector, keyName)
  try {
    return unseal(wrappingKey, wrapped, dataKeyBinding(vaultId))
  } catch (cause) {
    if (!(cause instanceof BrokenSeal)) throw cause
    throw locked('the key that its protector holds does not open it', cause)
  } finally {
    wrappingKey.fill(0)
  }
}

async function recoverOrLock(protector: KeyProtector, keyName: string): Promise<Buffer> {
  try {
    return await protector.recover(keyName)
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
