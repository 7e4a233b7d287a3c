import { resolve } from 'node:path'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { ScheduledBackup } from '../../../contract/custody/backup-schedule.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { factLines } from '../../output/format.ts'
import { proving } from '../../input/vault-proof.ts'
import { sentences } from '../../../contract/text/sentences.ts'

export interface ScheduleOptions {
  every?: string
  keep?: string
  to?: string
  off?: boolean
}

/** Shows, sets or removes the schedule. `ask` returns the passphrase for a first schedule. */
export async function backupSchedule(
  session: Session,
  options: ScheduleOptions,
  ask: () => Promise<string>,
): Promise<Result> {
  const { client } = session
  const now = await client.vault.schedule()
  if (options.off) {
    await client.vault.setSchedule({ schedule: null })
    return { data: { schedule: null }, text: sentences.backupsOff }
  }
  if (!options.every && !options.keep && !options.to) return scheduleResult(now)
  const folder = options.to === undefined ? now?.folder : resolve(options.to)
  if (folder === undefined) throw usageError('Say where: --to DIR.')
  const everyHours = options.every === undefined ? (now?.everyHours ?? 24) : hoursOf(options.every)
  const keep = options.keep === undefined ? (now?.keep ?? 7) : numberOf(options.keep)
  const passphrase = now ? undefined : await ask()
  const schedule = { folder, everyHours, keep, passphrase }
  return scheduleResult(await proving(session, (proof) => client.vault.setSchedule({ schedule, proof })))
}

function scheduleResult(schedule: ScheduledBackup | null): Result {
  if (!schedule) {
    const text = 'No automatic backups are made. Begin with: edgekeep backup --every 24h --keep 7 --to DIR'
    return { data: { schedule }, text }
  }
  const { lastRun, nextAt } = schedule
  const text = factLines([
    ['Copies', `every ${schedule.everyHours} hours, the last ${schedule.keep} are kept`],
    ['Folder', schedule.folder],
    ['Last', lastRun ? `${lastRun.at}: ${lastRun.summary}` : 'none yet'],
    ['Next', `${nextAt}, while the engine runs and the vault is open`],
  ])
  const no =
    lastRun?.ok === false ? new EdgekeepError('backup.failed', { reason: lastRun.summary }) : undefined
  return { data: { schedule }, text, no }
}

/** `24h` or `7d`. */
function hoursOf(text: string): number {
  const [, count, unit] = /^(\d{1,4})(h|d)$/.exec(text) ?? []
  const hours = Number(count) * (unit === 'd' ? 24 : 1)
  if (hours >= 1 && hours <= 24 * 31) return hours
  throw usageError(`--every ${text} is not a time from 1h to 31d. Examples: 24h, 7d.`)
}

function numberOf(text: string): number {
  const keep = Number(text)
  if (Number.isInteger(keep) && keep >= 1 && keep <= 1000) return keep
  throw usageError(`--keep ${text} is not a number from 1 to 1000.`)
}
