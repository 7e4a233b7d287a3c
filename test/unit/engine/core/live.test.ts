import { expect, test } from 'vitest'
import type { LiveEvent } from '../../../../src/contract/shared/live-event.ts'
import { createTopic, liveQuery, publishRows } from '../../../../src/engine/core/live.ts'

test('a live query gives the list first and then every change in order', async () => {
  const topic = createTopic<LiveEvent<string>>()
  const query = liveQuery(() => ['a'], topic)
  topic.publish({ type: 'changed', items: ['b'] })
  topic.publish({ type: 'removed', keys: ['a'] })
  expect((await query.next()).value).toEqual({ type: 'snapshot', items: ['a'], complete: true })
  expect((await query.next()).value).toEqual({ type: 'changed', items: ['b'] })
  expect((await query.next()).value).toEqual({ type: 'removed', keys: ['a'] })
  await query.return(undefined)
})

test('a live query gives a long list in parts, read as they are asked for', async () => {
  let read = 0
  const items = Array.from({ length: 1_001 }, (_, at) => at).values()
  const counted = items.map((item) => {
    read += 1
    return item
  })
  const topic = createTopic<LiveEvent<number>>()
  const query = liveQuery(() => counted, topic)
  const first = (await query.next()).value
  expect(first).toMatchObject({ type: 'snapshot', complete: false })
  expect(read).toBeLessThan(1_001)
  topic.publish({ type: 'removed', keys: ['7'] })
  const others = [(await query.next()).value, (await query.next()).value]
  expect(others).toMatchObject([
    { type: 'more', complete: false },
    { type: 'more', complete: true },
  ])
  expect(first && 'items' in first ? first.items : []).toHaveLength(100)
  const all = [first, ...others].flatMap((event) => (event && 'items' in event ? event.items : []))
  expect(all).toHaveLength(1_001)
  expect((await query.next()).value).toEqual({ type: 'removed', keys: ['7'] })
  await query.return(undefined)
})

test('many changed rows are published in parts, removed ones by their keys', () => {
  const topic = createTopic<LiveEvent<string>>()
  const events: LiveEvent<string>[] = []
  topic.follow((event) => events.push(event))
  const keys = Array.from({ length: 1_001 }, (_, at) => String(at))
  publishRows(topic, keys, (key) => (key === '7' ? undefined : key))
  expect(events.map(({ type }) => type)).toEqual(['changed', 'changed', 'removed'])
  expect(events.flatMap((event) => ('items' in event ? event.items : []))).toHaveLength(1_000)
  expect(events.at(-1)).toEqual({ type: 'removed', keys: ['7'] })
})

test('a change made between subscribing and the first pull is not missed', async () => {
  const topic = createTopic<number>()
  const events = topic.subscribe()
  topic.publish(1)
  expect((await events.next()).value).toBe(1)
  await events.return(undefined)
})

test('a waiting subscriber ends when its signal aborts', async () => {
  const topic = createTopic<number>()
  const stop = new AbortController()
  const events = topic.subscribe(stop.signal)
  const next = events.next()
  stop.abort()
  expect((await next).done).toBe(true)
})

test('a subscriber that reads too slowly is ended rather than queued for without bound', async () => {
  const topic = createTopic<number>()
  const events = topic.subscribe()
  const first = events.next()
  for (let count = 0; count < 20_000; count += 1) topic.publish(count)
  await first
  expect((await events.next()).done).toBe(true)
})
