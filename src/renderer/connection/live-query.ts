import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError } from '../../client/client.ts'
import { applyLiveEvent } from '../../client/live-rows.ts'
import type { LiveEvent } from '../../contract/shared/live-event.ts'
import type { EdgekeepError } from '../../contract/errors/registry.ts'

export interface LiveState<T> {
  /**
   * `waiting` until the first part of the list, `filling` until its last one, then `live`; `stale` while
   * disconnected, when the items stay.
   */
  status: 'waiting' | 'filling' | 'live' | 'stale'
  items: readonly T[]
  /** The same by key. */
  byKey: ReadonlyMap<string, T>
  /** The engine's error for this stream, while the engine itself is connected. */
  problem: EdgekeepError | null
}

type Stream<E> = (signal: AbortSignal) => Promise<AsyncIterable<E>>

export interface Mirror<State> {
  readonly store: StoreApi<State>
  readonly follow: (signal: AbortSignal) => Promise<void>
}

/** Shortest time between two states of a list that changes: many changes are shown together. */
const showEveryMs = 100

export function createLiveQuery<T>(o: {
  watch: Stream<LiveEvent<T>>
  keyOf: (item: T) => string
}): Mirror<LiveState<T>> {
  const store = createStore<LiveState<T>>(() => ({ status: 'waiting', ...listed(new Map()), problem: null }))
  /** Rows of this connection. A stale list is shown until they are whole. */
  const rows = new Map<string, T>()
  let isWhole = false
  const show = () => store.setState({ status: isWhole ? 'live' : 'filling', ...listed(rows), problem: null })
  const changes = throttled(show, showEveryMs)
  const next = (event: LiveEvent<T>) => {
    isWhole = applyLiveEvent(rows, event, o.keyOf)
    if (!('complete' in event)) return changes.later()
    const { status, items } = store.getState()
    // Each time four times as long: a subscriber looks at the whole list again whenever it is shown.
    if (isWhole || (status !== 'stale' && rows.size >= 4 * items.length)) show()
  }
  return {
    store,
    follow: (signal) =>
      followStream(o.watch, signal, {
        next,
        failed: (problem) => store.setState({ problem }),
        ended: () => {
          changes.now()
          // Part of a list is never shown as a whole one that is old.
          store.setState(({ status }) => ({ status: status === 'live' ? 'stale' : status }))
        },
      }),
  }
}

function listed<T>(rows: ReadonlyMap<string, T>): Pick<LiveState<T>, 'items' | 'byKey'> {
  return { items: [...rows.values()], byKey: new Map(rows) }
}

/** Calls `act` at once, and after it at most every `intervalMs`. */
function throttled(act: () => void, intervalMs: number): { later: () => void; now: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isDue = false
  const now = () => {
    if (!isDue) return
    isDue = false
    act()
  }
  const ended = () => {
    timer = undefined
    if (isDue) later()
  }
  const later = () => {
    isDue = true
    if (timer !== undefined) return
    now()
    timer = setTimeout(ended, intervalMs)
  }
  return { later, now }
}

export interface LiveValue<T> {
  status: 'waiting' | 'live' | 'stale'
  value: T | null
  problem: EdgekeepError | null
}

export function createLiveValue<T>(watch: Stream<T>): Mirror<LiveValue<T>> {
  const store = createStore<LiveValue<T>>(() => ({ status: 'waiting', value: null, problem: null }))
  return {
    store,
    follow: (signal) =>
      followStream(watch, signal, {
        next: (value) => store.setState({ status: 'live', value, problem: null }),
        failed: (problem) => store.setState({ problem }),
        ended: () => store.setState(({ status }) => ({ status: status === 'waiting' ? 'waiting' : 'stale' })),
      }),
  }
}

/** Reads a stream until it ends or `signal` aborts, and reports how it ended. */
export async function followStream<E>(
  watch: Stream<E>,
  signal: AbortSignal,
  sink: { next: (event: E) => void; failed: (problem: EdgekeepError) => void; ended: () => void },
): Promise<void> {
  try {
    for await (const event of await watch(signal)) {
      if (signal.aborted) break
      sink.next(event)
    }
  } catch (error) {
    const problem = asEdgekeepError(error)
    if (!signal.aborted && problem.code !== 'engine.unreachable') sink.failed(problem)
  } finally {
    sink.ended()
  }
}

const followAgainMs = 2000

/** Follows until `signal` aborts: a stream that ends early, as after a queue overflow, is subscribed to again. */
export async function keepFollowing(
  follow: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await follow(signal)
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, followAgainMs))
  }
}
