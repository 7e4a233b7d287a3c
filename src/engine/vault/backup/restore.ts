import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ne } from 'drizzle-orm'
import { EdgekeepError } from '../../../contract/errors.ts'
import { auditTrailOf, openAuditKey } from '../audit.ts'
import { halfMade, openDatabase, type VaultDatabase } from '../database.ts'
import { asVaultFailure } from '../failures.ts'
import type { Protection } from '../held-keys.ts'
import { keyFileProtector } from '../key-protector/key-file.ts'
import type { KeyProtector } from '../key-protector/key-protector.ts'
import { osKeychainProtector } from '../key-protector/os-keychain.ts'
import { passphraseProtector } from '../key-protector/passphrase.ts'
import { noteToForget, type WrappingKeyName } from '../keys-to-forget.ts'
import { takeLock } from '../lock.ts'
import { removeCopies } from '../migrations/copy.ts'
import { claimFile, claimFolder, syncFolder } from '../private-files.ts'
import { identityOf, protectAnew, type ProtectedDataKey } from '../protection.ts'
import { resealAll } from '../reseal.ts'
import { derivationsTable, keysToForgetTable, protectionTable } from '../schema.ts'
import { openArchive, type ArchiveSecrets, type OpenedArchive } from './archive.ts'
import { imageOf, openImage } from './image.ts'
import { summaryOf, type ArchiveSummary } from './summary.ts'

export interface RestoreOptions {
  /** The home folder, whose vault must not be open; what vault it has is replaced. */
  folder: string
  clock: () => Date
  archive: Buffer
  secrets: ArchiveSecrets
  /**
   * The passphrase that shall protect the vault here (the caller zeroes it), needed where one did at
   * the time of the backup; without, this machine's own protectors are tried in order.
   */
  newPassphrase?: Buffer | undefined
  /** Who restores, for the audit trail. */
  actor: string
  protectors?: KeyProtector[] | undefined
  /** Called with the content of the backup before anything is changed; throws to refuse it. */
  allow?: (content: ArchiveSummary) => Promise<void>
  /** Called when the backup is found good; closes the folder's vault where it is open. */
  whenGood?: () => void
}

/**
 * Restores the vault of a backup under a new data key that this machine protects, and returns how it is
 * protected. Everything is checked and sealed again in memory, then put in place by one rename, so that the
 * folder has either the old vault or the restored one.
 * @throws `backup.malformed`, `backup.not_opened`, `backup.recovery_key_needed`, `recovery.wrong`,
 *   `backup.passphrase_needed`, `vault.newer`, `vault.damaged`, `key.unsealable`, `vault.locked`, `engine.busy`
 *   and `home.unusable`
 */
export async function restoreVault(options: RestoreOptions): Promise<Protection> {
  const opened = await openArchive(options.archive, options.secrets)
  const { dataKey } = opened
  try {
    return await restoreImage(opened, options)
  } catch (error) {
    throw asVaultFailure(error)
  } finally {
    dataKey.fill(0)
  }
}

async function restoreImage(
  { image, dataKey, recipient }: OpenedArchive,
  options: RestoreOptions,
): Promise<Protection> {
  const database = openImage(image)
  try {
    // Opens every secret once, before anything outside of memory is touched.
    resealAll(database, dataKey, dataKey)
    const summary = summaryOf(database, recipient)
    if (summary.protector === 'passphrase' && !options.newPassphrase)
      throw new EdgekeepError('backup.passphrase_needed', {})
    await options.allow?.(summary)
    options.whenGood?.()
    claimFolder(options.folder)
    const lock = takeLock(options.folder)
    try {
      return await putInPlace(database, dataKey, options)
    } finally {
      lock.close()
    }
  } finally {
    database.sqlite.close()
  }
}

async function putInPlace(
  database: VaultDatabase,
  dataKey: Buffer,
  options: RestoreOptions,
): Promise<Protection> {
  const { folder, newPassphrase } = options
  const protectors = protectorsFor(database, options)
  const keyName = `${identityOf(database)}-${randomBytes(4).toString('hex')}`
  const opened = await protectAnew(database, protectors, keyName, newPassphrase)
  try {
    sealForThisMachine(database, dataKey, opened, options)
    const replaced = settleOldVault(folder)
    database.query.delete(keysToForgetTable).run()
    database.query.delete(derivationsTable).where(ne(derivationsTable.keyName, keyName)).run()
    if (replaced) noteToForget(database, replaced)
    replaceFile(folder, imageOf(database))
    removeCopies(folder)
    return opened.protection
  } catch (error) {
    const chosen = protectors.find((protector) => protector.kind === opened.protection.protector)
    await chosen?.forget(keyName)
    throw error
  } finally {
    opened.dataKey.fill(0)
  }
}

function protectorsFor(database: VaultDatabase, options: RestoreOptions): KeyProtector[] {
  const { folder, newPassphrase, protectors } = options
  if (newPassphrase) return [passphraseProtector(database)]
  return protectors ?? [osKeychainProtector(), keyFileProtector(folder)]
}

function sealForThisMachine(
  database: VaultDatabase,
  from: Buffer,
  { dataKey: to, protection }: ProtectedDataKey,
  { clock, actor }: RestoreOptions,
): void {
  resealAll(database, from, to)
  const key = openAuditKey(database, to)
  const audit = auditTrailOf(database, () => key, clock)
  const after = { protector: protection.protector }
  const entry = { actor, action: 'vault.restore', subject: 'vault', before: null, after }
  database.sqlite.transaction(() => audit.append(entry))()
  key.fill(0)
}

/**
 * Checkpoints the log of the existing vault into its file, so that it cannot be mistaken for a log of the
 * restored one. Where the existing vault is damaged and cannot be opened, its log is set aside until the
 * restored vault is in place. Returns which wrapping key the replaced vault had.
 */
function settleOldVault(folder: string): WrappingKeyName | undefined {
  const path = join(folder, 'vault.db')
  try {
    if (!existsSync(path) && !existsSync(`${path}-wal`)) return undefined
    const database = openDatabase(folder)
    const row = database.query.select().from(protectionTable).get()
    database.sqlite.close()
    return row && { protector: row.protector, keyName: row.keyName }
  } catch (error) {
    const failure = asVaultFailure(error)
    if (!(failure instanceof EdgekeepError) || failure.code !== 'vault.damaged') throw failure
    if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${path}-wal.damaged`)
    rmSync(`${path}-shm`, { force: true })
    return undefined
  }
}

function replaceFile(folder: string, image: Buffer): void {
  const path = join(folder, 'vault.db')
  const making = halfMade(path)
  rmSync(making, { force: true })
  claimFile(making, 'its database')
  const handle = openSync(making, 'r+')
  try {
    writeFileSync(handle, image)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(making, path)
  syncFolder(folder)
}
