import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { throttled } from '../../../../../src/renderer/features/issuing/use-issuing.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a burst of changes causes one call at once and one after the rest', () => {
  const act = vi.fn()
  const next = throttled(act, new AbortController().signal)
  for (let change = 0; change < 5; change += 1) next()
  expect(act).toHaveBeenCalledTimes(1)
  vi.runAllTimers()
  expect(act).toHaveBeenCalledTimes(2)
})

test('leaving the page clears the timer of the pending call', () => {
  const act = vi.fn()
  const leaving = new AbortController()
  const next = throttled(act, leaving.signal)
  next()
  next()
  leaving.abort()
  expect(vi.getTimerCount()).toBe(0)
  vi.runAllTimers()
  expect(act).toHaveBeenCalledTimes(1)
})
