import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError } from '../../../../client/client.ts'
import type { BulkStep } from '../../../../domain/bulk-plan.ts'

/** Result of a step; `skipped`: not begun when the run was stopped, or nothing to do. */
export interface BulkResult {
  outcome: 'done' | 'failed' | 'skipped'
  reason: string | null
}

export interface BulkState {
  phase: 'planned' | 'running' | 'stopped' | 'ended'
  /** Results in the order of the steps; absent: not ended. */
  results: readonly (BulkResult | undefined)[]
  done: number
}

export interface BulkRun {
  readonly store: StoreApi<BulkState>
  start(): Promise<void>
  /** Steps that have begun end. */
  stop(): void
}

const atOnce = 4
const showEveryMs = 100

/** Steps with something to do before those without, each in their order. */
export function effectiveFirst(steps: readonly BulkStep[]): BulkStep[] {
  return steps.toSorted((one, other) => Number(one.skip) - Number(other.skip))
}

/** Carries out the steps, a few at a time. A step that fails stops no other, but without an engine none begins. */
export function createBulkRun(
  steps: readonly BulkStep[],
  act: (step: BulkStep) => Promise<string | null>,
): BulkRun {
  const store = createStore<BulkState>(() => ({ phase: 'planned', results: [], done: 0 }))
  const results: (BulkResult | undefined)[] = steps.map(() => undefined)
  let isStopped = false
  let done = 0

  const show = (phase: BulkState['phase']) => store.setState({ phase, results: [...results], done })

  async function resultOf(step: BulkStep): Promise<BulkResult> {
    if (step.skip || isStopped) return { outcome: 'skipped', reason: null }
    try {
      const reason = await act(step)
      return { outcome: reason === null ? 'done' : 'failed', reason }
    } catch (error) {
      const { code, message } = asEdgekeepError(error)
      if (code === 'engine.unreachable' || code === 'vault.locked') isStopped = true
      return { outcome: 'failed', reason: message }
    }
  }

  return {
    store,
    async start() {
      show('running')
      const timer = setInterval(() => show('running'), showEveryMs)
      const waiting = steps.entries()
      const work = async () => {
        for (const [at, step] of waiting) {
          results[at] = await resultOf(step)
          done += 1
        }
      }
      await Promise.all(Array.from({ length: atOnce }, work))
      clearInterval(timer)
      show(isStopped ? 'stopped' : 'ended')
    },
    stop() {
      isStopped = true
    },
  }
}
