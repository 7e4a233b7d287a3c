import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { applyLiveEvent } from '../../../../src/client/live-rows.ts'
import type { LiveEvent } from '../../../../src/contract/shared/live-event.ts'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import {
  createLiveQuery,
  createLiveValue,
  keepFollowing,
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
      {
        type: 'changed',
        items: [
          { id: 'one', words: 'changed' },
          { id: 'three', words: 'new' },
        ],
      },
      { type: 'removed', keys: ['two'] },
    ]
    const rows = new Map<string, Item>()
    expect(events.map((event) => applyLiveEvent(rows, event, keyOf))).toEqual([false, true, true, true])
    expect([...rows.values()]).toEqual([
      { id: 'one', words: 'changed' },
      { id: 'three', words: 'new' },
    ])
  })

  test('shows many changes together, and each row by its key', async () => {
    const changes = Array.from({ length: 1000 }, (_, at): LiveEvent<Item> => ({
      type: 'changed',
      items: [{ id: `row ${at}`, words: 'new' }],
    }))
    const first: LiveEvent<Item> = { type: 'snapshot', items: [one], complete: true }
    const query = createLiveQuery<Item>({ watch: async () => streamOf(first, ...changes), keyOf })
    const shown = vi.fn()
    query.store.subscribe(shown)
    await query.follow(new AbortController().signal)
    expect(shown.mock.calls.length).toBeLessThan(50)
    const { items, byKey } = query.store.getState()
    expect(items).toHaveLength(1001)
    expect(byKey.get('row 999')).toEqual({ id: 'row 999', words: 'new' })
  })

  test('shows a list that arrives each time it is four times as long', async () => {
    const parts = Array.from({ length: 64 }, (_, at): LiveEvent<Item> => ({
      type: at === 0 ? 'snapshot' : 'more',
      items: [{ id: `row ${at}`, words: '' }],
      complete: at === 63,
    }))
    const query = createLiveQuery<Item>({ watch: async () => streamOf(...parts), keyOf })
    const seen: number[] = []
    query.store.subscribe(({ status, items }) => status === 'filling' && seen.push(items.length))
    await query.follow(new AbortController().signal)
    expect(seen).toEqual([1, 4, 16])
    expect(query.store.getState().items).toHaveLength(64)
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
    expect(query.store.getState()).toMatchObject({ status: 'waiting', items: [], problem: null })
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
