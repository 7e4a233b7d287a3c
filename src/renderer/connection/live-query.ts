import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError } from '../../client/client.ts'
import type { EdgekeepError } from '../../contract/errors/registry.ts'

export type LiveEvent<T> =
  | { type: 'snapshot' | 'more'; items: T[]; complete: boolean }
  | { type: 'changed'; item: T }
  | { type: 'removed'; key: string }

export interface LiveState<T> {
  /**
   * `waiting` until the first part of the list, `filling` until its last one, then `live`; `stale` while
   * disconnected, when the items stay.
   */
  status: 'waiting' | 'filling' | 'live' | 'stale'
  items: readonly T[]
  /** The engine's error for this stream, while the engine itself is connected. */
  problem: EdgekeepError | null
}

type Stream<E> = (signal: AbortSignal) => Promise<AsyncIterable<E>>

export interface Mirror<State> {
  readonly store: StoreApi<State>
  readonly follow: (signal: AbortSignal) => Promise<void>
}

/** Applies `event` to the list. New items are appended; the order of the others is stable. */
export function applyLiveEvent<T>(
  items: readonly T[],
  event: LiveEvent<T>,
  keyOf: (item: T) => string,
): readonly T[] {
  if ('items' in event) return event.type === 'snapshot' ? event.items : [...items, ...event.items]
  if (event.type === 'removed') return items.filter((item) => keyOf(item) !== event.key)
  const key = keyOf(event.item)
  const at = items.findIndex((item) => keyOf(item) === key)
  return at < 0 ? [...items, event.item] : items.with(at, event.item)
}

export function createLiveQuery<T>(o: {
  watch: Stream<LiveEvent<T>>
  keyOf: (item: T) => string
}): Mirror<LiveState<T>> {
  const store = createStore<LiveState<T>>(() => ({ status: 'waiting', items: [], problem: null }))
  /** List of this connection. A stale one is shown until it is complete. */
  let items: readonly T[] = []
  const next = (event: LiveEvent<T>) => {
    items = applyLiveEvent(items, event, o.keyOf)
    const status = 'complete' in event && !event.complete ? 'filling' : 'live'
    if (status === 'filling' && store.getState().status === 'stale') return
    store.setState({ status, items, problem: null })
  }
  return {
    store,
    follow: (signal) =>
      followStream(o.watch, signal, {
        next,
        failed: (problem) => store.setState({ problem }),
        // Part of a list is never shown as a whole one that is old.
        ended: () => store.setState(({ status }) => ({ status: status === 'live' ? 'stale' : status })),
      }),
  }
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
