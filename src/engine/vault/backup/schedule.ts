import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { SecretBytes } from '../../../domain/secret-bytes.ts'
import type { AuditTrail } from '../audit.ts'
import type { VaultDatabase } from '../database.ts'
import type { Erasure } from '../erasure.ts'
import type { VaultKeyHolder } from '../vault-keys.ts'
import { identityOf } from '../data-key.ts'
import type { RecoveryKeyTable } from '../recovery-key.ts'
import { backupScheduleTable } from '../schema.ts'
import { seal, unseal, type SealBinding } from '../seal.ts'
import { derivationBytes } from './archive-derivation.ts'
import { newArchiveKey, sealArchive } from './archive.ts'
import { imageOf } from './image.ts'

export interface ScheduledCopies {
  folder: string
  everyHours: number
  keep: number
}

export interface BackupRun {
  at: string
  ok: boolean
  /** Name of the copy, or the reason why there is none; never a secret. */
  summary: string
}

export interface ScheduleParts {
  database: VaultDatabase
  keyHolder: VaultKeyHolder
  audit: AuditTrail
  erasure: Erasure
  recoveryKey: RecoveryKeyTable
}

/**
 * Automatic backups. A person enters the passphrase once; the key derived from it is sealed like other
 * secrets. So a backup can be made whenever the vault is open, and the passphrase is stored nowhere.
 */
export function backupScheduleOf({ database, keyHolder, audit, erasure, recoveryKey }: ScheduleParts) {
  const { query, sqlite } = database
  const row = () => query.select().from(backupScheduleTable).get()

  function append(actor: string, action: string, before: object | null, after: object | null): void {
    audit.append({ actor, action, subject: 'backup', before: plain(before), after: plain(after) })
  }

  return {
    get(): (ScheduledCopies & { lastRun: BackupRun | null }) | undefined {
      const found = row()
      return found && { ...copiesOf(found), lastRun: found.lastRun }
    },
    /**
     * Only the first call needs the passphrase. `check` is called after the key derivation; its error keeps
     * the schedule unchanged.
     * @throws `vault.locked`, `input.invalid`
     */
    async set(
      wanted: ScheduledCopies,
      actor: string,
      passphrase?: Buffer,
      check?: () => void,
    ): Promise<void> {
      keyHolder.dataKey()
      const fresh = passphrase && (await newArchiveKey(passphrase))
      using key = fresh?.key
      check?.()
      const before = row()
      const header = fresh?.derivation ?? before?.header
      const sealedKey =
        key && header ? seal(keyHolder.dataKey(), key.bytes, backupKeyBinding(header)) : before?.sealedKey
      if (!header || !sealedKey)
        throw new EdgekeepError('input.invalid', { reason: 'The copies need a passphrase. Give one.' })
      const values = { ...copiesOf(wanted), header, sealedKey }
      const write = query.insert(backupScheduleTable).values({ id: 1, ...values })
      const change = sqlite.transaction(() => {
        write.onConflictDoUpdate({ target: backupScheduleTable.id, set: values }).run()
        append(actor, 'backup.schedule', before ? copiesOf(before) : null, copiesOf(wanted))
      })
      change.immediate()
    },
    /**
     * Erases the sealed key as well.
     * @throws `vault.locked`
     */
    end(actor: string): void {
      const before = row()
      if (!before) return
      const change = sqlite.transaction(() => {
        query.delete(backupScheduleTable).run()
        erasure.keyDeleted()
        append(actor, 'backup.schedule', copiesOf(before), null)
      })
      change.immediate()
      erasure.cleanWhenDue()
    },
    /**
     * Returns a backup file, sealed to the recovery key and under the stored passphrase key.
     * @throws `vault.locked` and `recovery.missing`
     */
    async archive(): Promise<Buffer> {
      const found = row()
      if (!found) throw new Error('A scheduled copy was made without a schedule.')
      const recipient = recoveryKey.sealedPublicKey()
      using key = unseal(keyHolder.dataKey(), found.sealedKey, backupKeyBinding(found.header))
      // Schedules older than recovery keys have the start of a backup file before cost and salt.
      const derivation = found.header.subarray(-derivationBytes)
      // Copies the data key, because the vault may be locked while the archive is sealed.
      using dataKey = new SecretBytes(Buffer.from(keyHolder.dataKey()))
      const content = { dataKey: dataKey.bytes, image: imageOf(database) }
      return await sealArchive(content, { derivation, key }, recipient)
    },
    /** Prefix of this vault's copies, so that other files in the folder are left alone. */
    namePrefix: (): string => `edgekeep-${identityOf(database).slice(0, 8)}-`,
    /** Records the last run, also in the audit trail while the vault is open. */
    record(run: BackupRun, actor: string): void {
      const { locked } = keyHolder.protection
      const change = sqlite.transaction(() => {
        query.update(backupScheduleTable).set({ lastRun: run }).run()
        if (!locked) append(actor, 'backup.run', null, { ok: run.ok, summary: run.summary })
      })
      change.immediate()
    },
  }
}

/** Binds salt and cost to the key: after a change of them, nobody could open the copies. */
export function backupKeyBinding(header: Buffer): SealBinding {
  return { table: 'backup_schedule', row: header.toString('hex'), spkiSha256: '' }
}

function copiesOf({ folder, everyHours, keep }: ScheduledCopies): ScheduledCopies {
  return { folder, everyHours, keep }
}

function plain(value: object | null): null | Record<string, string | number | boolean> {
  return value && { ...(value as Record<string, string | number | boolean>) }
}
