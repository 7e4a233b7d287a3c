import { carryOutRows, type EndedRow, type PlannedRow, type RowOutcome } from '../../client/bulk-run.ts'
import type { Effect } from '../../contract/domains/domains.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { confirm } from '../flags/confirmation.ts'
import type { TargetOptions } from './targets.ts'
import { count, formatNumber } from '../../contract/text/count.ts'
import { abortAtInterrupt } from '../input/abort-at-interrupt.ts'
import { formatEffect, table } from '../output/format.ts'
import { printError, printLine } from '../output/output.ts'
import { showProgress } from '../output/progress.ts'
import type { Result, Session } from '../frame/command.ts'

type Outcome = 'planned' | RowOutcome
type Ended = Omit<EndedRow, 'outcome'> & { outcome: Outcome }

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

/**
 * Carries out an act on many; Ctrl-C lets those rows end that have begun. With `--json` each row is a line, and
 * the last is the sum.
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
  using stop = abortAtInterrupt('Stopping after what has begun.')
  const ended: Ended[] = []
  let effect: Effect | null = null
  try {
    await carryOutRows(rows, {
      stop,
      ended: (end, _at, made) => {
        effect = later(effect, made)
        ended.push(end)
        show(end)
        showProgress(`${formatNumber(ended.length)} of ${count(rows.length, 'row')}: ${end.name}`)
      },
    })
  } finally {
    showProgress('')
  }
  return { ended, effect }
}

/** Rows that are done at once may end in another order than their changes. */
function later(effect: Effect | null, other: Effect | null): Effect | null {
  return effect && (!other || other.version < effect.version) ? effect : other
}

function planOf(row: PlannedRow): Ended {
  return { name: row.name, outcome: 'act' in row ? 'planned' : row.outcome, text: row.plan }
}

const failures: readonly Outcome[] = ['refused', 'unanswered', 'failed', 'not-begun']

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
    ...(failed + counts.unknown > 0 && {
      no: new EdgekeepError('bulk.not_all', { failed, rows: ended.length, unknown: counts.unknown }),
    }),
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
    .flatMap(([outcome, label]) => (counts[outcome] > 0 ? [`${formatNumber(counts[outcome])} ${label}`] : []))
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
