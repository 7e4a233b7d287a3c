import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { expiryAt } from '../../../../../src/domain/expiry.ts'
import { currentTime, followTime } from '../../../../../src/renderer/ui/primitives/window-clock.ts'

const start = new Date('2029-11-28T12:00:00.000Z')
const period = { notBefore: '2029-11-27T12:00:00.000Z', notAfter: '2030-12-29T12:00:00.000Z' }
let stop: () => void
let heard: string[]

beforeEach(() => {
  vi.useFakeTimers({ now: start })
  heard = []
  stop = followTime(() => heard.push(currentTime().toISOString()))
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

test('a certificate from the future is not valid yet a second after the clock was set back', () => {
  const phase = () => expiryAt(period, currentTime())
  expect(phase()).toBe('valid')
  vi.setSystemTime('2026-11-28T12:00:00.000Z')
  vi.advanceTimersByTime(1000)
  expect(phase()).toBe('not-yet-valid')
  expect(heard).toEqual(['2026-11-28T12:00:01.000Z'])
})

test('a certificate has expired a second after the clock was set ahead or the computer woke', () => {
  vi.setSystemTime('2031-01-01T00:00:00.000Z')
  vi.advanceTimersByTime(1000)
  expect(expiryAt(period, currentTime())).toBe('expired')
})

test('time that runs is passed on every half minute only', () => {
  vi.advanceTimersByTime(65_000)
  expect(heard).toEqual(['2029-11-28T12:00:30.000Z', '2029-11-28T12:01:00.000Z'])
})

test('the time is read anew by the first to follow it again', () => {
  stop()
  vi.advanceTimersByTime(600_000)
  expect(currentTime()).toEqual(start)
  stop = followTime(() => undefined)
  expect(currentTime().toISOString()).toBe('2029-11-28T12:10:00.000Z')
})
