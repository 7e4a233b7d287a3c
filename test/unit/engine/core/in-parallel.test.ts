import { expect, test } from 'vitest'
import { inParallel } from '../../../../src/engine/core/in-parallel.ts'

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const result of results) found.push(result)
  return found
}

test('runs no more at a time than it may, and yields each result once', async () => {
  let running = 0
  let peak = 0
  const act = async (item: number) => {
    peak = Math.max(peak, (running += 1))
    await new Promise((resolve) => setTimeout(resolve, item % 3))
    running -= 1
    return item
  }
  const found = await all(inParallel([1, 2, 3, 4, 5, 6, 7], 3, act))
  expect(new Set(found)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]))
  expect(peak).toBe(3)
})

test('starts nothing after an abort, and awaits what runs', async () => {
  const controller = new AbortController()
  const started: number[] = []
  const act = async (item: number) => {
    started.push(item)
    controller.abort()
    return item
  }
  expect(await all(inParallel([1, 2, 3], 1, act, controller.signal))).toEqual([1])
  expect(started).toEqual([1])
})

test('ends with the first error, once the others have ended', async () => {
  let ended = false
  const act = async (item: number) => {
    if (item === 1) throw new Error('the first')
    await new Promise((resolve) => setTimeout(resolve, 5))
    ended = true
    return item
  }
  await expect(all(inParallel([1, 2, 3], 2, act))).rejects.toThrow('the first')
  expect(ended).toBe(true)
})
