import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import type { AuditRow, AuditVerdict } from '../../../contract/audit/audit.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'

export const pageSize = 50
/** Page size during a search, larger because most rows are filtered out. */
export const searchPage = 500

export interface TrailState {
  /** Newest first, without gaps. */
  rows: readonly AuditRow[]
  /** True until the first rows arrive. */
  waiting: boolean
  /** True while older rows are loading. */
  busy: boolean
  /** True once `rows` includes the first row of the trail. */
  complete: boolean
  problem: EdgekeepError | null
  checking: boolean
  verdict: AuditVerdict | null
  verdictProblem: EdgekeepError | null
}

export interface Trail {
  readonly store: StoreApi<TrailState>
  /** Adds newer rows. A trail that was replaced by a restore is reloaded. */
  refresh(): Promise<void>
  loadOlder(limit?: number): Promise<void>
  check(): Promise<void>
}

export type AuditCalls = Pick<Client['audit'], 'list' | 'verify'>

export function createTrail(calls: AuditCalls): Trail {
  const store = createStore<TrailState>(() => ({
    rows: [],
    waiting: true,
    busy: false,
    complete: false,
    problem: null,
    checking: false,
    verdict: null,
    verdictProblem: null,
  }))
  let last: Promise<void> = Promise.resolve()

  /** Serialises requests, so that pages never interleave. */
  function inTurn(act: () => Promise<void>): Promise<void> {
    last = last.then(act).catch((error: unknown) => store.setState({ problem: asEdgekeepError(error) }))
    return last
  }

  async function takeNewest(): Promise<void> {
    const newest = await calls.list({ limit: pageSize })
    const { rows } = store.getState()
    const joined = rows.length > 0 ? await joinNewer(calls, newest, rows) : null
    if (joined) store.setState({ rows: joined, problem: null })
    else store.setState({ rows: newest, waiting: false, complete: reachesTheFirst(newest), problem: null })
  }

  async function takeOlder(limit: number): Promise<void> {
    const { rows, complete } = store.getState()
    const before = rows.at(-1)?.sequence
    if (complete || before === undefined) return
    store.setState({ busy: true })
    try {
      const joined = [...rows, ...(await calls.list({ limit, before }))]
      const stuck = joined.length === rows.length
      store.setState({ rows: joined, complete: stuck || reachesTheFirst(joined), problem: null })
    } finally {
      store.setState({ busy: false })
    }
  }

  async function check(): Promise<void> {
    store.setState({ checking: true, verdictProblem: null })
    try {
      store.setState({ verdict: await calls.verify() })
    } catch (error) {
      store.setState({ verdict: null, verdictProblem: asEdgekeepError(error) })
    } finally {
      store.setState({ checking: false })
    }
  }

  return {
    store,
    refresh: () => inTurn(takeNewest),
    loadOlder: (limit = pageSize) => inTurn(() => takeOlder(limit)),
    check,
  }
}

/** Prepends newer rows; null if the two belong to different trails. */
async function joinNewer(
  calls: AuditCalls,
  newest: readonly AuditRow[],
  rows: readonly AuditRow[],
): Promise<AuditRow[] | null> {
  const known = rows[0]
  if (!known) return null
  const newer = [...newest]
  while ((newer.at(-1)?.sequence ?? 0) > known.sequence) {
    const page = await calls.list({ limit: searchPage, before: newer.at(-1)?.sequence })
    if (page.length === 0) return null
    newer.push(...page)
  }
  const same = newer.find(({ sequence }) => sequence === known.sequence)
  if (same?.at !== known.at || same.action !== known.action) return null
  return [...newer.filter(({ sequence }) => sequence > known.sequence), ...rows]
}

function reachesTheFirst(rows: readonly AuditRow[]): boolean {
  return (rows.at(-1)?.sequence ?? 1) <= 1
}
