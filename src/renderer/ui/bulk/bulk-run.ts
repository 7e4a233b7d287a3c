import { createStore, type StoreApi } from 'zustand/vanilla'
import { carryOutRows, type EndedRow, type PlannedRow } from '../../../client/bulk-run.ts'

export interface BulkState {
  phase: 'running' | 'stopped' | 'ended'
  /** Results in the order of the rows; absent: not ended. */
  results: readonly (EndedRow | undefined)[]
  done: number
}

/** Rows of an act on many that are carried out. */
export interface BulkRun {
  readonly rows: readonly PlannedRow[]
  readonly store: StoreApi<BulkState>
  start(): Promise<void>
  /** Rows that have begun end. */
  stop(): void
}

const showEveryMs = 100

/** Rows with something to do, then those that cannot be done, then the others; each in their order. */
export function effectiveFirst(rows: readonly PlannedRow[]): PlannedRow[] {
  const rank = (row: PlannedRow) => ('act' in row ? 0 : row.outcome === 'refused' ? 1 : 2)
  return rows.toSorted((one, other) => rank(one) - rank(other))
}

export function createBulkRun(rows: readonly PlannedRow[]): BulkRun {
  const results: (EndedRow | undefined)[] = rows.map(() => undefined)
  const store = createStore<BulkState>(() => ({ phase: 'running', results: [...results], done: 0 }))
  const stop = new AbortController()
  let done = 0
  const show = (phase: BulkState['phase']) => store.setState({ phase, results: [...results], done })
  return {
    rows,
    store,
    async start() {
      const timer = setInterval(() => show('running'), showEveryMs)
      await carryOutRows(rows, {
        stop,
        ended: (end, at) => {
          results[at] = end
          done += 1
        },
      })
      clearInterval(timer)
      show(results.some((end) => end?.outcome === 'not-begun') ? 'stopped' : 'ended')
    },
    stop: () => stop.abort(),
  }
}
