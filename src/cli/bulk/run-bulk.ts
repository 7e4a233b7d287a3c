import { asEdgekeepError } from '../../client/client.ts'
import type { Effect } from '../../contract/domains/domains.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { confirm } from '../flags/confirmation.ts'
import type { TargetOptions } from './targets.ts'
import { count } from '../../contract/text/count.ts'
import { formatEffect, table } from '../output/format.ts'
import { printError, printLine } from '../output/output.ts'
import { showProgress } from '../output/progress.ts'
import type { Result, Session } from '../frame/command.ts'

/** Result of one row: a text in place of its plan, the effect of its change. */
export interface RowResult {
  text?: string
  effect?: Effect | null
  /** Code of what failed, though the row was tried to its end. */
  failed?: string
}

/** Row of an act on many: what is to be done, or why it is not. */
export type PlannedRow = { name: string; plan: string } & (
  | { act: () => Promise<RowResult> }
  | { outcome: 'skipped' | 'refused' }
)

/**
 * `refused`: it cannot be done; `unanswered`: the system's resolver did not answer for the name; `unknown`: the
 * engine went while it was done; `not-begun`: the run was stopped before.
 */
type Outcome = 'planned' | 'done' | 'skipped' | 'refused' | 'unanswered' | 'failed' | 'unknown' | 'not-begun'

interface Ended {
  name: string
  outcome: Outcome
  text: string
  code?: string
}

interface Bulk {
  rows: PlannedRow[]
  options: TargetOptions
  /** Question before the act, such as "Turn HTTPS off for 60 domains?". */
  question: string
  /** Sentence about the loss; it is asked about also without a terminal. */
  loss?: string
  /** It changes nothing, so nothing is asked. */
  isHarmless?: boolean
}

const atOnce = 4

/**
 * Carries out an act on many, a few rows at a time. A row that fails stops no other; a locked vault, a lost
 * engine and Ctrl-C let those end that have begun. With `--json` each row is a line, and the last is the sum.
 * @throws `usage.wrong` if the act is not confirmed
 */
export async function runBulk({ global }: Session, bulk: Bulk): Promise<Result> {
  const { rows, options } = bulk
  const show = (ended: Ended) => {
    if (global.json) printLine(JSON.stringify(ended))
  }
  if (options.dryRun) {
    const planned = rows.map(planOf)
    for (const row of planned) show(row)
    return answer(planned, { isDryRun: true })
  }
  await confirmBulk(bulk)
  const { ended, effect } = await carryOut(rows, show)
  return answer(ended, { effect })
}

async function confirmBulk({ rows, options, question, loss, isHarmless }: Bulk): Promise<void> {
  const isIdle = !rows.some((row) => 'act' in row)
  if (options.yes || isHarmless || isIdle || (loss === undefined && !process.stdin.isTTY)) return
  if (process.stdin.isTTY) printError(formatRows(rows.map(planOf)))
  await confirm([loss, question].filter(Boolean).join(' '))
}

async function carryOut(
  rows: readonly PlannedRow[],
  show: (ended: Ended) => void,
): Promise<{ ended: Ended[]; effect: Effect | null }> {
  const stop = stopAtInterrupt()
  const ended: Ended[] = []
  let effect: Effect | null = null
  async function endOf(row: PlannedRow): Promise<Ended> {
    if (!('act' in row)) return planOf(row)
    const { name, plan } = row
    if (stop.isAsked()) return { name, outcome: 'not-begun', text: plan }
    try {
      const done = await row.act()
      effect = later(effect, done.effect)
      const text = done.text ?? plan
      if (done.failed === undefined) return { name, outcome: 'done', text }
      if (done.failed === 'vault.locked') stop.ask()
      const outcome = done.failed === 'names.unanswered' ? 'unanswered' : 'failed'
      return { name, outcome, text, code: done.failed }
    } catch (error) {
      const failed = failureOf(name, asEdgekeepError(error))
      if (failed.code === 'engine.unreachable' || failed.code === 'vault.locked') stop.ask()
      return failed
    }
  }
  const waiting = rows.values()
  const work = async () => {
    for (const row of waiting) {
      const end = await endOf(row)
      ended.push(end)
      show(end)
      showProgress(`${ended.length} of ${rows.length}: ${row.name}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, work))
  } finally {
    stop.close()
    showProgress('')
  }
  return { ended, effect }
}

/** Rows that are done at once may end in another order than their changes. */
function later(effect: Effect | null, other: Effect | null = null): Effect | null {
  return effect && (!other || other.version < effect.version) ? effect : other
}

function failureOf(name: string, { code, message }: EdgekeepError): Ended {
  return code === 'engine.unreachable'
    ? { name, outcome: 'unknown', text: 'The engine ended before it answered.', code }
    : { name, outcome: 'failed', text: message, code }
}

/** Ctrl-C, once; the second ends the process as usual. */
function stopAtInterrupt(): { isAsked(): boolean; ask(): void; close(): void } {
  let isAsked = false
  const ask = () => {
    isAsked = true
  }
  const interrupted = () => {
    ask()
    printError('\nStopping after what has begun. Ctrl-C again ends at once.')
  }
  process.once('SIGINT', interrupted)
  return { isAsked: () => isAsked, ask, close: () => void process.off('SIGINT', interrupted) }
}

function planOf(row: PlannedRow): Ended {
  return { name: row.name, outcome: 'act' in row ? 'planned' : row.outcome, text: row.plan }
}

const failures: readonly Outcome[] = ['refused', 'unanswered', 'failed', 'unknown', 'not-begun']

function answer(
  ended: readonly Ended[],
  { effect = null, isDryRun = false }: { effect?: Effect | null; isDryRun?: boolean },
): Result {
  const counts = Object.fromEntries(
    labels.map(([outcome]) => [outcome, ended.filter((row) => row.outcome === outcome).length]),
  ) as Record<Outcome, number>
  const failed = failures.reduce((sum, outcome) => sum + counts[outcome], 0)
  const text = [
    formatRows(ended),
    `${count(ended.length, 'row')}: ${formatCounts(counts)}.`,
    isDryRun ? 'Nothing was changed.' : '',
    counts.unknown > 0 ? 'Whether the unknown ones were done is seen by --dry-run, once an engine runs.' : '',
    effect ? formatEffect(effect) : '',
  ]
  return {
    data: { rows: ended.length, counts, effect, ...(isDryRun ? { dryRun: true } : {}) },
    text: text.filter(Boolean).join('\n'),
    ...(failed > 0 && { no: new EdgekeepError('bulk.not_all', { failed, rows: ended.length }) }),
  }
}

const labels: [Outcome, string][] = [
  ['planned', 'planned'],
  ['done', 'done'],
  ['skipped', 'nothing to do'],
  ['refused', 'cannot be done'],
  ['unanswered', 'no answer'],
  ['failed', 'failed'],
  ['unknown', 'unknown'],
  ['not-begun', 'not begun'],
]
const labelOf = new Map(labels)

function formatCounts(counts: Record<Outcome, number>): string {
  return labels
    .flatMap(([outcome, label]) => (counts[outcome] > 0 ? [`${counts[outcome]} ${label}`] : []))
    .join(', ')
}

/** Failures are last, where they are seen. */
function formatRows(rows: readonly Ended[]): string {
  const order = labels.map(([outcome]) => outcome)
  const sorted = rows.toSorted((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome))
  return table(
    ['RESULT', 'NAME', 'WHAT'],
    sorted.map(({ outcome, name, text }) => [labelOf.get(outcome) ?? '', name, text]),
  )
}
