import { EdgekeepError } from '../../contract/errors/registry.ts'
import { SecretBytes } from '../../domain/secret-bytes.ts'
import { accountTableOf, dnsTableOf, renewalTableOf } from './acme.ts'
import { acmeServerAccountsOf } from './acme-server-accounts.ts'
import { auditTrailOf } from './audit.ts'
import { authorityOf } from './authority.ts'
import { newArchiveKey, sealArchive } from './backup/archive.ts'
import { imageOf } from './backup/image.ts'
import { backupScheduleOf } from './backup/schedule.ts'
import { certificateTable } from './certificates.ts'
import { changesOf } from './changes.ts'
import { cleanUpOf, type CleanUp, type ReportFailure } from './clean-up.ts'
import { custodyOf } from './custody.ts'
import { noticeTableOf } from './notice-channels.ts'
import { openDatabase, openDatabaseInMemory, type VaultDatabase } from './database.ts'
import { domainTable } from './domains.ts'
import { erasureOf } from './erasure.ts'
import { forgetNoted } from './keys-to-forget.ts'
import { issuedTableOf } from './issued.ts'
import type { VaultKeyHolder } from './vault-keys.ts'
import { keyFileProtector } from './key-protector/key-file.ts'
import type { KeyProtector } from './key-protector/key-protector.ts'
import { osKeychainProtector } from './key-protector/os-keychain.ts'
import { passphraseProtector } from './key-protector/passphrase.ts'
import { takeLock } from './lock.ts'
import { lockingOf, openKeys } from './locking.ts'
import { claimFolder } from './private-files.ts'
import { recoveryKeyTableOf, type RecoveryKeyTable } from './recovery-key.ts'
import { requestTableOf } from './requests.ts'
import { sealedKeyTable } from './sealed-keys.ts'
import { settingsOf } from './settings.ts'
import { targetKeyTableOf } from './target-keys.ts'
import { touchedRowsOf } from './touched-rows.ts'
import { asVaultFailure, translatingFailures } from './failures.ts'

export type { AcmeAccountRow, DnsMethodRow, RenewalRow } from './acme.ts'
export type { NoticeChannelRow } from './notice-channels.ts'
export type { BackupRun } from './backup/schedule.ts'
export type { AuditEntry } from './audit.ts'
export type { AuthorityGeneration, AuthorityPart, Revoker } from './authority.ts'
export type { CertificateListing, CertificateRow, NewCertificateRow } from './certificates.ts'
export type { DomainRow } from './domains.ts'
export type { StoredCheck } from './schema.ts'
export type { AcmeServerAccount } from './acme-server-accounts.ts'
export type { IssuedRow } from './issued.ts'
export type { RequestRow } from './requests.ts'
export type { Touched, TouchedReader } from './touched-rows.ts'
export type { KeyProtector } from './key-protector/key-protector.ts'

export interface VaultOptions {
  /** Home folder; created for its owner alone if missing. */
  folder: string
  clock: () => Date
  /** Order of preference, used for a new vault only. A passphrase can be set later. */
  protectors?: KeyProtector[]
  /** Called once for a failed cleanup, until it succeeds again. */
  reportFailure?: ReportFailure
  /** The folder is not writable: opens a copy in memory, and every change throws `home.unusable`. */
  readOnly?: boolean
}

/**
 * Opens the vault of `folder` for this process alone, or creates it. It is locked (see `protection`) if a
 * passphrase protects it or its protector fails.
 * @throws `home.unusable`, `engine.busy`, `vault.newer`, `vault.damaged`, and `vault.locked` if nothing can
 *   protect a new one
 */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const opened = new DisposableStack()
  try {
    const { folder, readOnly = false } = options
    claimFolder(folder)
    if (!readOnly) opened.use(takeLock(folder))
    const database = opened.use(readOnly ? openDatabaseInMemory(folder) : openDatabase(folder))
    const forNew = protectorsOf(options)
    const protectors = [...forNew, passphraseProtector(database)]
    const keyHolder = await openKeys(database, protectors, forNew)
    const cleanUp = cleanUpOf(keyHolder.protection, options.reportFailure ?? (() => undefined))
    if (!readOnly) await forgetNoted({ database, folder, protectors, cleanUp })
    return assemble({ database, keyHolder, protectors, cleanUp, options, opened })
  } catch (error) {
    opened.dispose()
    throw asVaultFailure(error)
  }
}

type BackupParts = { database: VaultDatabase; keyHolder: VaultKeyHolder; recoveryKey: RecoveryKeyTable }

interface VaultParts {
  database: VaultDatabase
  keyHolder: VaultKeyHolder
  protectors: KeyProtector[]
  cleanUp: CleanUp
  options: VaultOptions
  /** Closed in reverse order: the lock last, after the database. */
  opened: DisposableStack
}

/** Open vault. Private keys go in and are lent to a function inside; no call returns one. */
export type Vault = Readonly<ReturnType<typeof assemble>>

function assemble({ database, keyHolder, protectors, cleanUp, options, opened }: VaultParts) {
  const { folder, clock } = options
  const { dataKey, protection } = keyHolder
  const erasure = erasureOf(database, folder, cleanUp)
  opened.defer(erasure.close)
  opened.defer(keyHolder.close)
  if (!options.readOnly) erasure.cleanWhenDue()
  const audit = auditTrailOf(database, keyHolder.auditKey, clock)
  const locking = lockingOf({ database, keyHolder, protectors, audit, clock })
  const recoveryKey = recoveryKeyTableOf(database, dataKey, clock)
  const sealing = { dataKey, clock, keyDeleted: erasure.keyDeleted }
  const parts = { database, folder, keyHolder, protectors, audit, erasure, cleanUp, recoveryKey }
  return translatingFailures({
    protection,
    ...translatingFailures(locking, asVaultFailure),
    ...changesOf(database, {
      allow: options.readOnly ? refuseChange : locking.requireUnlocked,
      committed: erasure.cleanWhenDue,
    }),
    domains: translatingFailures(domainTable(database, clock)),
    certificates: translatingFailures(certificateTable(database, clock, erasure.keyDeleted)),
    keys: translatingFailures(sealedKeyTable(database, dataKey)),
    authority: translatingFailures(authorityOf(database, sealing)),
    acmeAccounts: translatingFailures(accountTableOf(database, sealing)),
    dnsMethods: translatingFailures(dnsTableOf(database, sealing)),
    noticeChannels: translatingFailures(noticeTableOf(database, sealing)),
    renewals: translatingFailures(renewalTableOf(database)),
    issued: translatingFailures(issuedTableOf(database, clock)),
    /** Pending CSRs with their keys. */
    requests: translatingFailures(requestTableOf(database, sealing)),
    acmeServer: translatingFailures(acmeServerAccountsOf(database, sealing)),
    targetKeys: translatingFailures(targetKeyTableOf(database, sealing)),
    settings: translatingFailures(settingsOf(database)),
    audit: translatingFailures(audit),
    /** Changed rows among those that are served or listed. */
    touched: translatingFailures(touchedRowsOf(database)),
    custody: translatingFailures(custodyOf(parts), asVaultFailure),
    recoveryKey: translatingFailures(recoveryKey),
    /**
     * Makes a backup file: the whole vault with its keys, sealed to the recovery key and under a passphrase
     * of its own.
     * @throws `vault.locked` and `recovery.missing`
     */
    backup: (passphrase: Buffer) => backUp(parts, passphrase),
    backupSchedule: translatingFailures(backupScheduleOf(parts), asVaultFailure),
    /** Steps outside of the vault that follow a change of it. */
    cleanUp,
    /**
     * Scrubs erased bytes from the database file and its write-ahead log. A change that erases a key tries
     * this by itself; this call throws if it fails (home.unusable).
     */
    scrub: erasure.scrub,
    /** False after `close`, when every read and write throws. */
    isOpen: () => database.sqlite.open,
    close: () => opened.dispose(),
  })
}

function refuseChange(): never {
  throw new EdgekeepError('home.unusable', { reason: 'nothing can be written to it now' })
}

/** Copies the key, because the vault may be locked while the archive is sealed. */
async function backUp(
  { database, keyHolder, recoveryKey }: BackupParts,
  passphrase: Buffer,
): Promise<Buffer> {
  const recipient = recoveryKey.sealedPublicKey()
  using dataKey = new SecretBytes(Buffer.from(keyHolder.dataKey()))
  const image = imageOf(database)
  const { derivation, ...derived } = await newArchiveKey(passphrase)
  using key = derived.key
  return await sealArchive({ dataKey: dataKey.bytes, image }, { derivation, key }, recipient)
}

function protectorsOf({ folder, protectors }: VaultOptions): KeyProtector[] {
  return protectors ?? [osKeychainProtector(), keyFileProtector(folder)]
}
