import { randomBytes } from 'node:crypto'
import { ne } from 'drizzle-orm'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { auditTrailOf, openAuditKey } from '../audit.ts'
import { cleanUpOf, noteErasure, type ReportFailure } from '../clean-up.ts'
import type { VaultDatabase } from '../database.ts'
import { removeOldCopies } from '../erasure.ts'
import { asVaultFailure } from '../failures.ts'
import type { Protection } from '../vault-keys.ts'
import { keyFileProtector } from '../key-protector/key-file.ts'
import type { KeyProtector } from '../key-protector/key-protector.ts'
import { osKeychainProtector } from '../key-protector/os-keychain.ts'
import { passphraseProtector } from '../key-protector/passphrase.ts'
import { noteToForget, type WrappingKeyName } from '../keys-to-forget.ts'
import { takeLock } from '../lock.ts'
import { claimFolder } from '../private-files.ts'
import { identityOf, protectAnew } from '../data-key.ts'
import { resealAll } from '../reseal.ts'
import { derivationsTable, keysToForgetTable } from '../schema.ts'
import { openArchive, type ArchiveSecrets, type OpenedArchive } from './archive.ts'
import { imageOf, openImage } from './image.ts'
import { replaceFile, settleOldVault } from './replace-vault.ts'
import { summaryOf, type ArchiveSummary } from './summary.ts'

export interface RestoreOptions {
  /** Home folder. Its vault, if any, must not be open, and is replaced. */
  folder: string
  clock: () => Date
  archive: Buffer
  secrets: ArchiveSecrets
  /**
   * Passphrase for the restored vault, needed if one protected it at the time of the
   * backup; otherwise this machine's protectors are tried in order.
   */
  newPassphrase?: Buffer
  actor: string
  protectors?: KeyProtector[]
  /** Called with the content of the backup before any change; throws to refuse it. */
  allow?: (content: ArchiveSummary) => Promise<void>
  /** Called when the backup is found good; closes the folder's vault if it is open. */
  whenGood?: () => void
  /** Called for each failed cleanup. */
  reportFailure?: ReportFailure
}

export interface RestoredProtection extends Protection {
  /** See `ProtectionState`; the vault is restored nevertheless. */
  warnings: string[]
}

/**
 * Restores the vault of a backup under a new data key that this machine protects, and returns its protection.
 * Everything is verified and sealed again in memory, then put in place by one rename, so that the folder has
 * either the old vault or the restored one; after an error the old one.
 * @throws `backup.malformed`, `backup.not_opened`, `backup.recovery_key_needed`, `recovery.wrong`,
 *   `backup.passphrase_needed`, `vault.newer`, `vault.damaged`, `key.unsealable`, `vault.locked`,
 *   `engine.busy` and `home.unusable`
 */
export async function restoreVault(options: RestoreOptions): Promise<RestoredProtection> {
  const opened = await openArchive(options.archive, options.secrets)
  using dataKey = opened.dataKey
  try {
    return await restoreImage({ ...opened, dataKey }, options)
  } catch (error) {
    throw asVaultFailure(error)
  }
}

async function restoreImage(
  { image, dataKey, recipient }: OpenedArchive,
  options: RestoreOptions,
): Promise<RestoredProtection> {
  using database = openImage(image)
  // Opens every secret once, before any change outside of memory.
  resealAll(database, dataKey.bytes, dataKey.bytes)
  const summary = summaryOf(database, recipient)
  if (summary.protector === 'passphrase' && !options.newPassphrase)
    throw new EdgekeepError('backup.passphrase_needed', {})
  await options.allow?.(summary)
  options.whenGood?.()
  claimFolder(options.folder)
  using _lock = takeLock(options.folder)
  return await putInPlace(database, dataKey.bytes, options)
}

async function putInPlace(
  database: VaultDatabase,
  dataKey: Buffer,
  options: RestoreOptions,
): Promise<RestoredProtection> {
  const { folder, newPassphrase, reportFailure = () => undefined } = options
  const protectors = protectorsFor(database, options)
  const keyName = `${identityOf(database)}-${randomBytes(4).toString('hex')}`
  const opened = await protectAnew(database, protectors, keyName, newPassphrase)
  using newKey = opened.dataKey
  const restored = { ...opened.protection, warnings: [] }
  const cleanUp = cleanUpOf(restored, reportFailure)
  const incoming = { protector: restored.protector, keyName }
  try {
    replaceVault(database, dataKey, { newKey: newKey.bytes, incoming, options })
  } catch (error) {
    const chosen = protectors.find(({ kind }) => kind === incoming.protector)
    await cleanUp.attemptAsync('wrapping-keys', async () => chosen?.forget(keyName))
    throw error
  }
  // The vault is replaced: nothing throws from here on, and failed cleanups are retried at the next opening.
  removeOldCopies(folder, cleanUp)
  return restored
}

/** Runs up to the rename, the point of no return. */
function replaceVault(
  database: VaultDatabase,
  dataKey: Buffer,
  { newKey, incoming, options }: { newKey: Buffer; incoming: WrappingKeyName; options: RestoreOptions },
): void {
  const { folder } = options
  resealAll(database, dataKey, newKey)
  recordRestore(database, newKey, incoming, options)
  const old = settleOldVault(folder, incoming)
  database.query.delete(keysToForgetTable).run()
  database.query.delete(derivationsTable).where(ne(derivationsTable.keyName, incoming.keyName)).run()
  if (old.key) noteToForget(database, old.key)
  noteErasure(database)
  replaceFile(folder, imageOf(database), old.isDamaged)
}

function protectorsFor(database: VaultDatabase, options: RestoreOptions): KeyProtector[] {
  const { folder, newPassphrase, protectors } = options
  if (newPassphrase) return [passphraseProtector(database)]
  return protectors ?? [osKeychainProtector(), keyFileProtector(folder)]
}

function recordRestore(
  database: VaultDatabase,
  dataKey: Buffer,
  { protector }: WrappingKeyName,
  { clock, actor }: RestoreOptions,
): void {
  using key = openAuditKey(database, dataKey)
  const audit = auditTrailOf(database, () => key.bytes, clock)
  const after = { protector }
  const entry = { actor, action: 'vault.restore', subject: 'vault', before: null, after }
  database.sqlite.transaction(() => audit.append(entry))()
}
