import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createAutoLock, type AutoLock } from '../../../../src/engine/custody/auto-lock.ts'

let minutes: number | null
let locked: number[]
let autoLock: AutoLock
/** Time that the computer slept: uptime counts it, timers do not. */
let asleepMs: number

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-24T12:00:00Z') })
  minutes = 10
  locked = []
  asleepMs = 0
  autoLock = createAutoLock({
    minutes: () => minutes,
    lock: (after) => locked.push(after),
    now: () => performance.now() + asleepMs,
  })
})
afterEach(() => {
  autoLock.close()
  vi.useRealTimers()
})

const pass = (time: number) => vi.advanceTimersByTime(time * 60_000)

test('locks once after the minutes without use', () => {
  pass(9.9)
  expect(locked).toEqual([])
  pass(0.2)
  expect(locked).toEqual([10])
})

test('use puts it off', () => {
  for (let count = 0; count < 5; count += 1) {
    pass(9)
    autoLock.touch()
  }
  expect(locked).toEqual([])
})

test('never locks while it is off, nor after its end', () => {
  minutes = null
  pass(1000)
  autoLock.close()
  minutes = 1
  pass(1000)
  expect(locked).toEqual([])
})

test('locks at once when the computer wakes after the minutes have passed', () => {
  pass(1)
  asleepMs = 8 * 3_600_000
  pass(0.1)
  expect(locked).toEqual([10])
})

test.each([
  ['ahead', '2031-11-24T12:00:00Z'],
  ['back', '2020-11-24T12:00:00Z'],
])('does not lock earlier or later where the clock is set %s', (_way, time) => {
  vi.setSystemTime(new Date(time))
  pass(9.9)
  expect(locked).toEqual([])
  pass(0.2)
  expect(locked).toEqual([10])
})
