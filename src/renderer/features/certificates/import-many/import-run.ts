import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError, type Client } from '../../../../client/client.ts'
import { EdgekeepError } from '../../../../contract/errors/registry.ts'
import type { ImportEvent, ImportResult, ImportSummary } from '../../../../contract/certificates/records.ts'

export interface ImportState {
  /** `stopped`: aborted by the user; certificates stored until then stay. */
  phase: 'idle' | 'running' | 'stopped' | 'done' | 'failed'
  progress: Pick<Extract<ImportEvent, { type: 'progress' }>, 'stage' | 'done' | 'total'> | null
  results: readonly ImportResult[]
  summary: ImportSummary | null
  problem: EdgekeepError | null
}

export type ImportCalls = Pick<Client['certificates'], 'importMany'>

export interface ImportRun {
  readonly store: StoreApi<ImportState>
  start(wanted: { files: File[]; allOrNothing: boolean; passphrase?: string }): Promise<void>
  stop(): void
  reset(): void
}

const blank: ImportState = { phase: 'idle', progress: null, results: [], summary: null, problem: null }

/** Sequential import of many files. */
export function createImportRun(calls: ImportCalls): ImportRun {
  const store = createStore<ImportState>(() => blank)
  let abort: AbortController | null = null

  async function follow(events: AsyncIterable<ImportEvent>, signal: AbortSignal): Promise<void> {
    // Dozens of results arrive per progress event; the screen updates once per event.
    let fresh: ImportResult[] = []
    const taken = () => {
      const results = [...store.getState().results, ...fresh]
      fresh = []
      return results
    }
    for await (const event of events) {
      if (event.type === 'result') fresh.push(event.result)
      else if (event.type === 'progress') store.setState({ progress: event, results: taken() })
      else store.setState({ phase: 'done', summary: event.summary, results: taken() })
    }
    const { phase } = store.getState()
    if (phase === 'done') return
    if (signal.aborted) store.setState({ phase: 'stopped', results: taken() })
    else throw new EdgekeepError('engine.unreachable', { reason: 'the import ended before its end' })
  }

  return {
    store,
    async start(wanted) {
      abort = new AbortController()
      const { signal } = abort
      store.setState({ ...blank, phase: 'running' }, true)
      try {
        await follow(await calls.importMany(wanted, { signal }), signal)
      } catch (error) {
        if (signal.aborted) store.setState({ phase: 'stopped' })
        else store.setState({ phase: 'failed', problem: asEdgekeepError(error) })
      }
    },
    stop: () => abort?.abort(),
    reset() {
      abort?.abort()
      store.setState(blank, true)
    },
  }
}
