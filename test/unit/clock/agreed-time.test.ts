import { describe, expect, test } from 'vitest'
import { agreedTime, type ClockReadings, withReading } from '../../../src/clock/agreed-time.ts'

const hourMs = 3_600_000
const noon = Date.parse('2026-11-28T12:00:00Z')
const none: ClockReadings = { runningMs: 0, readings: [], followed: null }

/** Reads the clock every ten minutes for `hours`, from `start` on, which is ahead by `aheadMs`. */
function run(before: ClockReadings, hours: number, start: number, aheadMs = 0): ClockReadings {
  const from = before.runningMs
  return Array.from({ length: hours * 6 }, (_, at) => at * (hourMs / 6)).reduce(
    (kept, ms) => withReading(kept, { timeMs: start + ms + aheadMs, runningMs: from + ms }),
    before,
  )
}

const sixYearsMs = 6 * 365 * 24 * hourMs

describe('the time to delete by', () => {
  test('does not exist before six hours of running, and then is the time six hours ago', () => {
    const kept = run(none, 6, noon)
    expect(agreedTime(kept, { timeMs: noon + 5.9 * hourMs, runningMs: 5.9 * hourMs })).toBeNull()
    expect(agreedTime(kept, { timeMs: noon + 6 * hourMs, runningMs: 6 * hourMs })).toEqual(new Date(noon))
    const later = run(none, 30, noon)
    expect(agreedTime(later, { timeMs: noon + 30 * hourMs, runningMs: 30 * hourMs })?.getTime()).toBe(
      noon + 23 * hourMs,
    )
  })

  test('does not follow a clock that is ahead for less than six hours, at any reading', () => {
    let kept = run(none, 10, noon)
    for (let hour = 10; hour < 15; hour += 1) {
      kept = run(kept, 1, noon + hour * hourMs, sixYearsMs)
      const now = { timeMs: noon + hour * hourMs + sixYearsMs, runningMs: hour * hourMs }
      expect(agreedTime(kept, now)?.getTime()).toBeLessThan(noon + 20 * hourMs)
    }
  })

  test('does not follow an engine that was started once under a clock that was ahead', () => {
    const once = run(none, 1, noon + sixYearsMs)
    const after = run(once, 12, noon)
    const time = agreedTime(after, { timeMs: noon + 12 * hourMs, runningMs: 13 * hourMs })?.getTime()
    expect(time).toBeGreaterThan(noon)
    expect(time).toBeLessThanOrEqual(noon + 6 * hourMs)
  })

  test('follows a clock that stays ahead by at most a day for each hour of running, and back again', () => {
    const right = run(none, 10, noon)
    const wrong = run(right, 48, noon + 10 * hourMs, sixYearsMs)
    const after = { timeMs: noon + 58 * hourMs + sixYearsMs, runningMs: 58 * hourMs }
    expect(agreedTime(wrong, after)?.getTime()).toBeLessThan(noon + 49 * 24 * hourMs)
    const again = run(wrong, 60, noon + 58 * hourMs)
    const time = agreedTime(again, { timeMs: noon + 118 * hourMs, runningMs: 118 * hourMs })?.getTime()
    expect(time).toBeGreaterThan(noon + 105 * hourMs)
    expect(again.followed?.timeMs).toBeLessThan(noon + 118 * hourMs)
  })

  test('catches up after months in which nothing ran', () => {
    const before = run(none, 10, noon)
    const months = noon + 90 * 24 * hourMs
    const kept = run(before, 120, months)
    const now = { timeMs: months + 120 * hourMs, runningMs: 130 * hourMs }
    expect(agreedTime(kept, now)?.getTime()).toBeGreaterThanOrEqual(months + 113 * hourMs)
  })

  test('is as early as a clock that is behind', () => {
    const kept = run(run(none, 8, noon), 1, noon - sixYearsMs)
    const time = agreedTime(kept, { timeMs: noon + 9 * hourMs, runningMs: 9 * hourMs })?.getTime()
    expect(time).toBeLessThan(noon - sixYearsMs + hourMs)
  })

  test('takes the hours of many short runs together', () => {
    let kept = none
    for (let day = 0; day < 7; day += 1) kept = run(kept, 2, noon + day * 24 * hourMs)
    const now = { timeMs: noon + 7 * 24 * hourMs, runningMs: kept.runningMs }
    expect(agreedTime(kept, now)?.getTime()).toBeGreaterThanOrEqual(noon)
    expect(kept.readings.length).toBeLessThan(10)
  })
})
