import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Client } from '../../../client/client.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import { trafficRing, type TrafficEvent, type TrafficRow } from '../../../contract/traffic/traffic.ts'
import { followStream } from '../../connection/live-query.ts'

export interface TrafficState {
  /** `waiting` until the first snapshot, then `live`; `stale` while disconnected, when the rows stay. */
  status: 'waiting' | 'live' | 'stale'
  /** Oldest first; limited by the engine's buffer. */
  rows: readonly TrafficRow[]
  /** Number of rows dropped under load since the page was opened. */
  notShown: number
  problem: EdgekeepError | null
}

export interface TrafficMirror {
  readonly store: StoreApi<TrafficState>
  /** Reads the stream until it ends or `signal` aborts. */
  follow(reveal: boolean, signal: AbortSignal): Promise<void>
}

export function createTrafficMirror(calls: Pick<Client['traffic'], 'watch'>): TrafficMirror {
  const store = createStore<TrafficState>(() => ({ status: 'waiting', rows: [], notShown: 0, problem: null }))
  return {
    store,
    follow: (reveal, signal) =>
      followStream((aborted) => calls.watch({ reveal }, { signal: aborted }), signal, {
        next: (event) =>
          store.setState((state) => ({ status: 'live', problem: null, ...afterEvent(state, event) })),
        failed: (problem) => store.setState({ problem }),
        ended: () => store.setState(({ status }) => ({ status: status === 'waiting' ? 'waiting' : 'stale' })),
      }),
  }
}

export function afterEvent(
  { rows, notShown }: Pick<TrafficState, 'rows' | 'notShown'>,
  event: TrafficEvent,
): Pick<TrafficState, 'rows' | 'notShown'> {
  if (event.type === 'snapshot') return { rows: event.rows, notShown }
  if (event.type === 'cleared') return { rows: [], notShown: 0 }
  return {
    rows: [...rows, ...event.rows].slice(-trafficRing),
    notShown: notShown + event.notShown,
  }
}
