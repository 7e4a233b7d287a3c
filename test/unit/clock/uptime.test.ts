import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { elapsedSince, uptimeMs } from '../../../src/clock/uptime.ts'
import { uptimeTimer } from '../../../src/clock/uptime-timer.ts'

describe('uptime', () => {
  test('does not follow the system time', () => {
    const before = uptimeMs()
    vi.setSystemTime(new Date('2099-01-01T00:00:00Z'))
    expect(uptimeMs() - before).toBeLessThan(86_400_000)
    vi.useRealTimers()
  })

  test.each([
    [5_000, 8_000, 3_000],
    [5_000, 5_000, 0],
    [90_000, 2_000, 2_000],
  ])('since a reading of %d is at %d at least %d, also over a restart', (reading, now, elapsed) => {
    expect(elapsedSince(reading, now)).toBe(elapsed)
  })
})

describe('a timer by uptime', () => {
  let asleepMs = 0
  const now = () => performance.now() + asleepMs

  beforeEach(() => {
    asleepMs = 0
    vi.useFakeTimers()
  })
  afterEach(() => vi.useRealTimers())

  test('acts once when its time is over, and counts sleep', () => {
    const act = vi.fn()
    const timer = uptimeTimer(900_000, act, now)
    vi.advanceTimersByTime(60_000)
    expect(act).not.toHaveBeenCalled()
    asleepMs = 900_000
    expect(timer.isOver()).toBe(true)
    vi.advanceTimersByTime(5_000)
    vi.advanceTimersByTime(900_000)
    expect(act).toHaveBeenCalledTimes(1)
  })

  test('begins anew when it is refreshed, and ends when it is closed', () => {
    const act = vi.fn()
    const timer = uptimeTimer(10_000, act, now)
    vi.advanceTimersByTime(9_000)
    timer.refresh()
    vi.advanceTimersByTime(9_000)
    expect(act).not.toHaveBeenCalled()
    timer.close()
    vi.advanceTimersByTime(60_000)
    expect(act).not.toHaveBeenCalled()
  })
})
