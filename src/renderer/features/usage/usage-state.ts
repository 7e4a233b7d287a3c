import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { UsageReport } from '../../../contract/usage/usage.ts'
import { periodOf, type Range } from './ranges.ts'

export interface UsageState {
  range: Range
  /** Null for all domains. */
  domain: string | null
  /** Current report; the previous one while a new choice loads. */
  report: UsageReport | null
  /** True while a new choice loads. */
  busy: boolean
  problem: EdgekeepError | null
}

export interface Usage {
  readonly store: StoreApi<UsageState>
  choose(choice: { range?: Range; domain?: string | null }): Promise<void>
  /** Reloads the current choice. */
  refresh(): Promise<void>
  csv(): Promise<string>
}

export type UsageCalls = Pick<Client['usage'], 'query' | 'csv'>

export function createUsage(calls: UsageCalls): Usage {
  const store = createStore<UsageState>(() => ({
    range: 'day',
    domain: null,
    report: null,
    busy: false,
    problem: null,
  }))
  let asked = 0

  const periodNow = () => {
    const { range, domain } = store.getState()
    return { ...periodOf(range, new Date()), ...(domain === null ? {} : { domain }) }
  }

  /** If several calls are pending, only the latest counts. */
  async function refresh(): Promise<void> {
    asked += 1
    const mine = asked
    try {
      const report = await calls.query(periodNow())
      if (mine === asked) store.setState({ report, problem: null, busy: false })
    } catch (error) {
      if (mine === asked) store.setState({ problem: asEdgekeepError(error), busy: false })
    }
  }

  return {
    store,
    refresh,
    choose(choice) {
      store.setState({ ...choice, busy: true })
      return refresh()
    },
    csv: async () => (await calls.csv(periodNow())).text,
  }
}
