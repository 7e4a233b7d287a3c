import { EdgekeepError } from '../../contract/errors/registry.ts'
import { statSync } from 'node:fs'
import { join } from 'node:path'

/** Evidence of the time besides the clock and the vault's entries. */
export interface FileEvidence {
  build: Date | null
  /** Modification time of the vault's file, from an earlier run or a checkpoint of this one. */
  vaultFile: Date | null
}

/** Evidence to check the clock before an authority is created: clients trust its root for years. */
export interface ClockEvidence extends FileEvidence {
  /** Time of the newest entry in the audit trail. */
  lastEntry: Date | null
  /** Newest entry that is more than an hour old: later ones agree with a clock that has jumped. */
  earlierEntry: Date | null
}

const dayMs = 86_400_000
/** Tolerance for the clocks of build machines and of the owner's other computers. */
const toleranceMs = dayMs
/** Largest lead of the clock. Roots are backdated by a year, so a smaller lead is harmless. */
const longestPauseMs = 365 * dayMs

/** @throws `authority.clock_doubtful` if the clock is behind any evidence, or a year past the newest entry */
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

/** Build time, defined by the bundler; undefined when running from sources. */
declare const __builtAt__: string | undefined

export function fileEvidence(folder: string): FileEvidence {
  const stats = statSync(join(folder, 'vault.db'), { throwIfNoEntry: false })
  return {
    build: typeof __builtAt__ === 'undefined' ? null : new Date(__builtAt__),
    vaultFile: stats ? stats.mtime : null,
  }
}
