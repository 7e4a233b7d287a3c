import type { Effect } from '../contract/domains/domains.ts'
import { asEdgekeepError } from './client.ts'

/** Result of one row: a text in place of its plan, the effect of its change. */
export interface RowResult {
  text?: string
  effect?: Effect | null
  /** Code of what failed, though the row was tried to its end. */
  failed?: string
}

/** Row of an act on many: what is to be done, or why it is not. */
export type PlannedRow = { name: string; plan: string } & (
  | {
      act: () => Promise<RowResult>
      /** Rows that share one call have begun with the first of them. */
      hasBegun?: () => boolean
    }
  | { outcome: 'skipped' | 'refused' }
)

/**
 * `refused`: it cannot be done; `unanswered`: the system's resolver did not answer for the name; `unknown`: the
 * engine went while it was done; `not-begun`: the run was stopped before.
 */
export type RowOutcome = 'done' | 'skipped' | 'refused' | 'unanswered' | 'failed' | 'unknown' | 'not-begun'

export interface EndedRow {
  name: string
  outcome: RowOutcome
  text: string
  code?: string
}

const atOnce = 4
/** Failures after which no other row can succeed. */
const stopping = ['engine.unreachable', 'vault.locked']

/**
 * Carries out an act on many, a few rows at a time. A row that fails stops no other; a locked vault, a lost
 * engine and `stop` let those end that have begun.
 */
export async function carryOutRows(
  rows: readonly PlannedRow[],
  {
    stop,
    ended,
  }: { stop: AbortController; ended: (end: EndedRow, at: number, effect: Effect | null) => void },
): Promise<void> {
  async function carryOut(row: PlannedRow, at: number): Promise<void> {
    const { name, plan: text } = row
    if (!('act' in row)) return ended({ name, text, outcome: row.outcome }, at, null)
    if (stop.signal.aborted && !row.hasBegun?.()) return ended({ name, text, outcome: 'not-begun' }, at, null)
    const { end, effect } = await endOf(row)
    if (end.code !== undefined && stopping.includes(end.code)) stop.abort()
    ended(end, at, effect)
  }
  const waiting = rows.entries()
  const work = async () => {
    for (const [at, row] of waiting) await carryOut(row, at)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

async function endOf({
  name,
  plan,
  act,
}: Extract<PlannedRow, { act: unknown }>): Promise<{ end: EndedRow; effect: Effect | null }> {
  try {
    const { text = plan, effect = null, failed } = await act()
    if (failed === undefined) return { end: { name, outcome: 'done', text }, effect }
    const outcome = failed === 'names.unanswered' ? 'unanswered' : 'failed'
    return { end: { name, outcome, text, code: failed }, effect }
  } catch (error) {
    const { code, message } = asEdgekeepError(error)
    const isLost = code === 'engine.unreachable'
    const text = isLost ? 'The engine ended before it answered.' : message
    return { end: { name, outcome: isLost ? 'unknown' : 'failed', text, code }, effect: null }
  }
}
