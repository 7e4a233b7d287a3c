import { describe, expect, test } from 'vitest'
import { periodOf, type Range } from '../../../../../src/renderer/features/usage/ranges.ts'

const now = new Date(2026, 10, 24, 12, 30)
const hoursBack = (range: Range) =>
  (now.getTime() - new Date(periodOf(range, now).from).getTime()) / 3_600_000

describe('the time that usage is shown of', () => {
  test.each([
    ['hour', 'minute', 59 / 60],
    ['day', 'hour', 23],
    ['week', 'hour', 7 * 24 - 1],
    ['month', 'day', 29 * 24],
    ['year', 'day', 364 * 24],
  ] as const)('is for a %s as many %ss as go into it, the present one included', (range, step, hours) => {
    expect(periodOf(range, now)).toMatchObject({ step })
    expect(periodOf(range, now).to).toBeUndefined()
    expect(hoursBack(range)).toBeCloseTo(hours)
  })

  test('is for days of one’s own from the first midnight to the last, by hours where they are few and recent', () => {
    const few = periodOf({ from: '2026-11-20', to: '2026-11-22' }, now)
    expect(few).toEqual({
      step: 'hour',
      from: new Date(2026, 10, 20).toISOString(),
      to: new Date(2026, 10, 22, 23, 59, 59).toISOString(),
    })
    expect(periodOf({ from: '2026-10-01', to: '2026-11-22' }, now).step).toBe('day')
    expect(periodOf({ from: '2026-01-01', to: '2026-01-02' }, now).step).toBe('day')
  })
})
