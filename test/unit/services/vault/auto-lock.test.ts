import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createAutoLock, type AutoLock } from '../../../../src/engine/services/vault/auto-lock.ts'

let minutes: number | null
let locked: number[]
let autoLock: AutoLock

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-24T12:00:00Z') })
  minutes = 10
  locked = []
  autoLock = createAutoLock({
    minutes: () => minutes,
    clock: () => new Date(),
    lock: (after) => locked.push(after),
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

test('never locks where it is off, and not after it has ended', () => {
  minutes = null
  pass(1000)
  autoLock.close()
  minutes = 1
  pass(1000)
  expect(locked).toEqual([])
})

test('locks at once when the computer wakes after the minutes have passed', () => {
  pass(1)
  vi.setSystemTime(new Date('2026-11-24T20:00:00Z'))
  pass(0.1)
  expect(locked).toEqual([10])
})

test('a clock that is set back does not put it off for longer than the minutes', () => {
  vi.setSystemTime(new Date('2026-11-20T12:00:00Z'))
  pass(10.2)
  expect(locked).toEqual([10])
})
