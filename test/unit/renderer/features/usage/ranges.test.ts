import { afterEach, describe, expect, test, vi } from 'vitest'
import { dayOf, periodOf, type Range } from '../../../../../src/renderer/features/usage/ranges.ts'

const now = new Date(2026, 10, 24, 12, 30)
const hoursBack = (range: Range) =>
  (now.getTime() - new Date(periodOf(range, now).from).getTime()) / 3_600_000

describe('the time that usage is shown of', () => {
  afterEach(() => vi.unstubAllEnvs())

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

  test.each([
    ['Europe/Berlin', '2026-10-31T23:30Z', '2026-10-03'],
    ['America/New_York', '2027-03-15T04:30Z', '2027-02-14'],
    ['Australia/Lord_Howe', '2026-10-31T13:10Z', '2026-10-03'],
    ['Asia/Kathmandu', '2026-10-31T18:30Z', '2026-10-03'],
  ])('has 30 days in %s just after midnight, whatever the clocks did meanwhile', (zone, time, first) => {
    vi.stubEnv('TZ', zone)
    expect(dayOf(new Date(periodOf('month', new Date(time)).from))).toBe(first)
  })

  test('is by hours for eight days, one of which has 25 of them', () => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    const range = { from: '2026-10-20', to: '2026-10-27' }
    expect(periodOf(range, new Date('2026-10-28T10:00Z')).step).toBe('hour')
  })
})
