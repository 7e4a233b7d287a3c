import { sentences } from '../../contract/text/sentences.ts'
import type { Proof } from '../../contract/custody/custody.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import {
  backupScheduleSchema,
  type BackupSchedule,
  type ScheduledBackup,
} from '../../contract/custody/backup-schedule.ts'
import type { BackupRun } from '../vault/vault.ts'
import { pruneCopies, refuseUnusable, writeCopy } from './backup-folder.ts'
import { isUnchanged, settingsChanged } from '../core/edit-conflict.ts'
import { announce } from '../core/commit.ts'
import { type RegularLook, regularLook } from '../core/regular-look.ts'
import { publishNotice } from '../custody/notices.ts'
import type { BackupNeeds } from './needs.ts'
import { passphraseBytes } from '../custody/passphrase-bytes.ts'
import { backupProofs, requireProof } from '../custody/proof.ts'

const hourMs = 60 * 60 * 1000

export function scheduledBackup({ vault, clock }: BackupNeeds): ScheduledBackup | null {
  const found = vault.backupSchedule.get()
  return found ? { ...found, nextAt: nextAt(found, clock()).toISOString() } : null
}

interface WantedSchedule {
  schedule: (BackupSchedule & { passphrase?: string }) | null
  proof?: Proof
  /** Schedule as the caller read it; absent: no check for an edit conflict. */
  read?: BackupSchedule | null
}

/**
 * Sets or ends the schedule. The first copy is made at once, as a test of the settings.
 * @throws `settings.changed_meanwhile`, `backup.folder_unusable`, `recovery.missing`, `input.invalid` for a
 *   missing passphrase, and as `requireProof`
 */
export async function setBackupSchedule(
  parts: BackupNeeds,
  { schedule: wanted, proof, read }: WantedSchedule,
): Promise<ScheduledBackup | null> {
  const { vault, actor } = parts
  refuseEditConflict(parts, read)
  if (!wanted) {
    vault.backupSchedule.end(actor)
    publishNotice(parts, 'schedule-ended')
    announce(parts)
    return null
  }
  refuseUnusable(wanted.folder)
  vault.recoveryKey.sealedPublicKey()
  await requireProof(parts, 'schedule', { accepts: backupProofs(parts), given: proof })
  using secret = wanted.passphrase === undefined ? undefined : passphraseBytes(wanted.passphrase)
  // Proving and deriving a key take a while.
  await vault.backupSchedule.set(wanted, actor, secret?.bytes, () => refuseEditConflict(parts, read))
  await makeCopy(parts, wanted)
  publishNotice(parts, 'schedule')
  announce(parts)
  return scheduledBackup(parts)
}

function refuseEditConflict(parts: BackupNeeds, read: BackupSchedule | null | undefined): void {
  const now = parts.vault.backupSchedule.get() ?? null
  if (read === undefined || isUnchanged(backupScheduleSchema.nullable(), read, now)) return
  throw settingsChanged(parts, { subject: 'backup', of: 'automatic backups', what: 'schedule' })
}

/** Makes a copy if one is due and the vault is open; logs and records a failure, with a retry in an hour. */
export async function makeCopyWhenDue(parts: BackupNeeds): Promise<void> {
  const { vault, clock } = parts
  if (vault.protection.locked) return
  const found = vault.backupSchedule.get()
  if (found && nextAt(found, clock()) <= clock()) await makeCopy(parts, found)
}

async function makeCopy(parts: BackupNeeds, { folder, keep }: BackupSchedule): Promise<void> {
  const { vault, clock, actor, log } = parts
  const at = clock().toISOString()
  const prefix = vault.backupSchedule.namePrefix()
  const name = `${prefix}${at.replaceAll(/[-:]|\.\d+/g, '')}.backup`
  const run = await copyInto(parts, folder, name)
  try {
    vault.backupSchedule.record({ at, ...run }, actor)
  } catch (error) {
    log.error({ err: error }, 'Automatic backup not recorded')
  }
  if (run.ok) vault.cleanUp.attempt('backups', () => pruneCopies(folder, { prefix, written: name, keep }))
}

async function copyInto(parts: BackupNeeds, folder: string, name: string): Promise<Omit<BackupRun, 'at'>> {
  try {
    writeCopy(folder, name, await parts.vault.backupSchedule.archive())
    return { ok: true, summary: name }
  } catch (error) {
    parts.log.error({ err: error }, 'Scheduled backup failed')
    return { ok: false, summary: sentenceOf(error) }
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof EdgekeepError ? error.message : sentences.unexpected
}

/** Next attempt; an hour after a failure. Due at once if the clock was set back. */
function nextAt({ everyHours, lastRun }: { everyHours: number; lastRun: BackupRun | null }, now: Date): Date {
  if (!lastRun || new Date(lastRun.at) > now) return now
  return new Date(Date.parse(lastRun.at) + (lastRun.ok ? everyHours : 1) * hourMs)
}

/** Polls the time instead of one long timer: a computer may sleep in between. */
export function createBackupTimer(parts: BackupNeeds): RegularLook {
  return regularLook({ log: parts.log, failure: 'Backup schedule check failed' }, () =>
    makeCopyWhenDue(parts),
  )
}
