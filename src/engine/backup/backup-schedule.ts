import type { Proof } from '../../contract/custody.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import { backupScheduleSchema, type BackupSchedule, type ScheduledBackup } from '../../contract/records.ts'
import type { BackupRun } from '../vault/vault.ts'
import { pruneCopies, refuseUnusable, writeCopy } from './copies-folder.ts'
import { isAsRead, settingsChanged } from '../core/as-read.ts'
import { announce } from '../core/commit.ts'
import { tellNotice } from '../custody/notices.ts'
import type { EngineParts } from '../parts.ts'
import { passphraseBytes } from '../custody/passphrase-bytes.ts'
import { backupProofs, requireProof } from '../custody/proof.ts'

const hourMs = 60 * 60 * 1000
const lookEveryMs = 60_000

export function scheduledBackup({ vault, clock }: EngineParts): ScheduledBackup | null {
  const found = vault.backupSchedule.get()
  return found ? { ...found, nextAt: nextAt(found, clock()).toISOString() } : null
}

interface WantedSchedule {
  schedule: (BackupSchedule & { passphrase?: string }) | null
  proof?: Proof
  /** What the caller saw of it before. */
  read?: BackupSchedule | null
}

/**
 * Sets or ends the schedule; a first copy is made at once, so that whoever set it sees that it works.
 * @throws `settings.changed_meanwhile`, `backup.folder_unusable`, `recovery.missing`, `input.invalid` where a
 *   passphrase is missing, and as `requireProof`
 */
export async function setBackupSchedule(
  parts: EngineParts,
  { schedule: wanted, proof, read }: WantedSchedule,
): Promise<ScheduledBackup | null> {
  const { vault, actor } = parts
  requireAsRead(parts, read)
  if (!wanted) {
    vault.backupSchedule.end(actor)
    tellNotice(parts, 'schedule-ended')
    announce(parts)
    return null
  }
  refuseUnusable(wanted.folder)
  vault.recoveryKey.sealedPublicKey()
  await requireProof(parts, 'schedule', { accepts: backupProofs(parts), given: proof })
  const secret = wanted.passphrase === undefined ? undefined : passphraseBytes(wanted.passphrase)
  try {
    // Proving and deriving a key take a while.
    await vault.backupSchedule.set(wanted, actor, secret, () => requireAsRead(parts, read))
  } finally {
    secret?.fill(0)
  }
  await makeCopy(parts, wanted)
  tellNotice(parts, 'schedule')
  announce(parts)
  return scheduledBackup(parts)
}

/** Where something was read. */
function requireAsRead(parts: EngineParts, read: BackupSchedule | null | undefined): void {
  const now = parts.vault.backupSchedule.get() ?? null
  if (read === undefined || isAsRead(backupScheduleSchema.nullable(), read, now)) return
  throw settingsChanged(parts, { subject: 'backup', of: 'automatic backups', what: 'schedule' })
}

/** Makes a copy if it is time and the vault is open; a failure is recorded and logged, and tried again in an hour. */
export async function makeCopyWhenDue(parts: EngineParts): Promise<void> {
  const { vault, clock } = parts
  if (vault.protection.locked) return
  const found = vault.backupSchedule.get()
  if (found && nextAt(found, clock()) <= clock()) await makeCopy(parts, found)
}

async function makeCopy(parts: EngineParts, { folder, keep }: BackupSchedule): Promise<void> {
  const { vault, clock, actor, log } = parts
  const at = clock().toISOString()
  const prefix = vault.backupSchedule.namePrefix()
  const name = `${prefix}${at.replaceAll(/[-:]|\.\d+/g, '')}.backup`
  const run = await copyInto(parts, folder, name)
  try {
    vault.backupSchedule.record({ at, ...run }, actor)
  } catch (error) {
    log.error({ err: error }, 'The run of an automatic backup could not be recorded')
  }
  if (run.ok) vault.cleanUp.attempt('backups', () => pruneCopies(folder, { prefix, written: name, keep }))
}

async function copyInto(parts: EngineParts, folder: string, name: string): Promise<Omit<BackupRun, 'at'>> {
  try {
    writeCopy(folder, name, await parts.vault.backupSchedule.archive())
    return { ok: true, summary: name }
  } catch (error) {
    parts.log.error({ err: error }, 'A scheduled copy of the vault was not made')
    return { ok: false, summary: sentenceOf(error) }
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof EdgekeepError ? error.message : 'Something failed; the log of the engine says what.'
}

/** After a failure within the hour. A clock that was set back must not put it off: it is due then. */
function nextAt({ everyHours, lastRun }: { everyHours: number; lastRun: BackupRun | null }, now: Date): Date {
  if (!lastRun || new Date(lastRun.at) > now) return now
  return new Date(Date.parse(lastRun.at) + (lastRun.ok ? everyHours : 1) * hourMs)
}

/** It compares times instead of waiting for them to pass: a computer may sleep in between. */
export function createBackupTimer(parts: EngineParts): { close(): void } {
  let isUnderWay = false
  const look = async () => {
    if (isUnderWay) return
    isUnderWay = true
    try {
      await makeCopyWhenDue(parts)
    } catch (error) {
      parts.log.error({ err: error }, 'The schedule of backups could not be looked at')
    } finally {
      isUnderWay = false
    }
  }
  const timer = setInterval(() => void look(), lookEveryMs).unref()
  return { close: () => clearInterval(timer) }
}
