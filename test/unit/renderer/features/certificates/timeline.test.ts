import { describe, expect, test } from 'vitest'
import { axisFor, percentOn, stretchOn } from '../../../../../src/renderer/features/certificates/timeline.ts'

const now = new Date('2026-11-24T00:00:00.000Z')
const day = 86_400_000
const inDays = (days: number) => new Date(now.getTime() + days * day).toISOString()

describe('the timeline of expiries', () => {
  test('reaches a little past the last end and a month back', () => {
    const axis = axisFor([inDays(200), inDays(20)], now)
    expect(axis.from).toBe(now.getTime() - 30 * day)
    expect(axis.until).toBe(now.getTime() + 210 * day)
  })

  test('is never shorter than four months ahead, nor longer than fourteen', () => {
    expect(axisFor([], now).until).toBe(now.getTime() + 120 * day)
    expect(axisFor([inDays(3650)], now).until).toBe(now.getTime() + 420 * day)
  })

  test('marks first days of months, at most seven of them', () => {
    for (const days of [10, 200, 300, 4000]) {
      const { ticks } = axisFor([inDays(days)], now)
      expect(ticks.length).toBeGreaterThan(1)
      expect(ticks.length).toBeLessThanOrEqual(7)
      for (const tick of ticks) expect(new Date(tick).getUTCDate()).toBe(1)
    }
  })

  test('marks no month whose label collides with the one of today', () => {
    const months = (days: number) =>
      axisFor([inDays(days)], now).ticks.map((tick) => new Date(tick).toISOString().slice(0, 7))
    expect(months(10)).toEqual(['2027-01', '2027-02', '2027-03'])
    expect(months(400)).toEqual(['2027-03', '2027-06', '2027-09', '2027-12'])
  })

  test('cuts a life to the axis and leaves out one that ended before it', () => {
    const axis = axisFor([inDays(90)], now)
    expect(stretchOn(axis, now.getTime() - 400 * day, now.getTime())).toEqual({ left: 0, width: 20 })
    expect(stretchOn(axis, 0, axis.from - day)).toBeNull()
    expect(percentOn(axis, axis.until)).toBe(100)
  })
})
