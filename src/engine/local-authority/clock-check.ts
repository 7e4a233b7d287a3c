import { EdgekeepError } from '../../contract/errors.ts'

/** Evidence of the time beside the clock and the vault's entries. */
export interface FileEvidence {
  build: Date | null
  /** When the file of the vault was last written: by an earlier run, or at a checkpoint of this one. */
  vaultFile: Date | null
}

/** Times by which the clock is judged before an authority is made, since clients trust its root for years. */
export interface ClockEvidence extends FileEvidence {
  /** Time of the newest entry in the audit trail. */
  lastEntry: Date | null
  /** Time of the newest entry that is more than an hour old: those since a jump agree with any clock. */
  earlierEntry: Date | null
}

const dayMs = 86_400_000
/** Clocks of the machines that build, and of the owner's other computers, differ. */
const toleranceMs = dayMs
/** A root begins a year before it is made, so that a smaller lead does no harm. */
const longestPauseMs = 365 * dayMs

/** @throws `authority.clock_doubtful` where the clock is behind any evidence, or a year ahead of the newest entry */
export function requireCredibleClock(now: Date, evidence: ClockEvidence): void {
  const { lastEntry, earlierEntry, build, vaultFile } = evidence
  const witnesses: [string, Date | null][] = [
    ['the newest entry in the vault is of', lastEntry],
    ['this version of Edgekeep was built on', build],
    ["the vault's file was written on", vaultFile],
  ]
  for (const [what, at] of witnesses)
    if (at && at.getTime() > now.getTime() + toleranceMs) throw doubtful(now, what, at)
  if (earlierEntry && now.getTime() - earlierEntry.getTime() > longestPauseMs)
    throw doubtful(now, 'the newest entry in the vault before the last hour is of', earlierEntry)
}

function doubtful(now: Date, what: string, at: Date): EdgekeepError {
  const day = (date: Date) => date.toISOString().slice(0, 10)
  return new EdgekeepError('authority.clock_doubtful', { clock: day(now), reason: `${what} ${day(at)}` })
}
