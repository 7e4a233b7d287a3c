import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import {
  applyLiveEvent,
  createLiveQuery,
  createLiveValue,
  keepFollowing,
  type LiveEvent,
} from '../../../../src/renderer/connection/live-query.ts'

interface Item {
  id: string
  words: string
}
const keyOf = (item: Item) => item.id
const one = { id: 'one', words: 'first' }
const two = { id: 'two', words: 'second' }

async function* streamOf<T>(...events: T[]): AsyncGenerator<T> {
  yield* events
}

describe('a live list', () => {
  test('starts with the snapshot in its parts, keeps its order on a change, and drops removed rows', () => {
    const events: LiveEvent<Item>[] = [
      { type: 'snapshot', items: [one], complete: false },
      { type: 'more', items: [two], complete: true },
      { type: 'changed', item: { id: 'one', words: 'changed' } },
      { type: 'changed', item: { id: 'three', words: 'new' } },
      { type: 'removed', key: 'two' },
    ]
    const items = events.reduce<readonly Item[]>((list, event) => applyLiveEvent(list, event, keyOf), [])
    expect(items).toEqual([
      { id: 'one', words: 'changed' },
      { id: 'three', words: 'new' },
    ])
  })

  test('does not change the list it was given', () => {
    const before = [one]
    applyLiveEvent(before, { type: 'changed', item: { id: 'one', words: 'changed' } }, keyOf)
    expect(before).toEqual([one])
  })

  test('is live while its stream runs, and keeps its items as stale when it ends', async () => {
    const query = createLiveQuery<Item>({
      watch: async () => streamOf<LiveEvent<Item>>({ type: 'snapshot', items: [one], complete: true }),
      keyOf,
    })
    const seen: string[] = []
    query.store.subscribe(({ status }) => seen.push(status))
    expect(query.store.getState().status).toBe('waiting')
    await query.follow(new AbortController().signal)
    expect(seen).toEqual(['live', 'stale'])
    expect(query.store.getState().items).toEqual([one])
  })

  test('fills in parts, and shows a stale one until the new one is complete', async () => {
    const parts: LiveEvent<Item>[] = [
      { type: 'snapshot', items: [one], complete: false },
      { type: 'more', items: [two], complete: true },
    ]
    const query = createLiveQuery<Item>({ watch: async () => streamOf(...parts), keyOf })
    const seen: [string, number][] = []
    query.store.subscribe(({ status, items }) => seen.push([status, items.length]))
    await query.follow(new AbortController().signal)
    await query.follow(new AbortController().signal)
    expect(seen).toEqual([
      ['filling', 1],
      ['live', 2],
      ['stale', 2],
      ['live', 2],
      ['stale', 2],
    ])
  })

  test('still waits when the stream could not be had at all', async () => {
    const query = createLiveQuery<Item>({ watch: () => Promise.reject(new Error('closed')), keyOf })
    await query.follow(new AbortController().signal)
    expect(query.store.getState()).toEqual({ status: 'waiting', items: [], problem: null })
  })

  test('says why where the engine answers that it cannot', async () => {
    const locked = new EdgekeepError('vault.locked', { reason: 'the keychain is closed' })
    const query = createLiveQuery<Item>({ watch: () => Promise.reject(locked), keyOf })
    await query.follow(new AbortController().signal)
    expect(query.store.getState().problem?.code).toBe('vault.locked')
  })

  test('is subscribed to again when its stream ends early, until it is stopped', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const abort = new AbortController()
    const watch = vi.fn(async () =>
      streamOf<LiveEvent<Item>>({ type: 'snapshot', items: [one], complete: true }),
    )
    const query = createLiveQuery<Item>({ watch, keyOf })
    const following = keepFollowing(query.follow, abort.signal)
    await vi.advanceTimersByTimeAsync(5000)
    expect(watch).toHaveBeenCalledTimes(3)
    abort.abort()
    await vi.advanceTimersByTimeAsync(5000)
    await following
    expect(watch).toHaveBeenCalledTimes(3)
  })

  test('stays incomplete when its stream ends before the last part', async () => {
    const query = createLiveQuery<Item>({
      watch: async () => streamOf<LiveEvent<Item>>({ type: 'snapshot', items: [one], complete: false }),
      keyOf,
    })
    await query.follow(new AbortController().signal)
    expect(query.store.getState()).toMatchObject({ status: 'filling', items: [one] })
  })

  test('ignores events after it is stopped', async () => {
    const abort = new AbortController()
    const query = createLiveValue<number>(async () =>
      (async function* () {
        yield 1
        abort.abort()
        yield 2
      })(),
    )
    await query.follow(abort.signal)
    expect(query.store.getState().value).toBe(1)
  })
})
