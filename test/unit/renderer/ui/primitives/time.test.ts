import { describe, expect, test } from 'vitest'
import { daysUntil, relativeTime, shortDate } from '../../../../../src/renderer/ui/primitives/time.tsx'

const now = new Date('2026-11-24T12:00:00.000Z')
const after = (ms: number) => new Date(now.getTime() + ms).toISOString()
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

describe('a time in words', () => {
  test('is as a person says it, before and after now', () => {
    const words = [-20_000, -3 * minuteMs, -5 * hourMs, 40 * hourMs, -62 * dayMs, 800 * dayMs].map((ms) =>
      relativeTime(after(ms), now, 'en'),
    )
    expect(words).toEqual(['now', '3 minutes ago', '5 hours ago', 'tomorrow', '2 months ago', 'in 2 years'])
  })

  test('has its date as the engine writes dates, the day first', () => {
    expect(shortDate(after(0), 'en')).toBe('24 Nov 2026')
  })

  test('never promises more days than are left', () => {
    expect(daysUntil(after(2 * dayMs - 1), now)).toBe(1)
    expect(daysUntil(after(hourMs), now)).toBe(0)
    expect(daysUntil(after(-hourMs), now)).toBe(-1)
  })
})
