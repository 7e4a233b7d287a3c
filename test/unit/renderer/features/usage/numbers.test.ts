import { afterEach, describe, expect, test, vi } from 'vitest'
import { formatCompact, formatCost, formatStep } from '../../../../../src/renderer/features/usage/numbers.ts'

describe('numbers of usage', () => {
  test('cost what their price says, and show a small sum', () => {
    expect(formatCost(80_000, { per10000: 0.05, currency: 'EUR' }, 'en')).toBe('€0.40')
    expect(formatCost(20, { per10000: 0.5, currency: 'EUR' }, 'en')).toBe('€0.001')
    expect(formatCost(10_000, { per10000: 1200, currency: 'JPY' }, 'en')).toBe('¥1,200')
  })

  test('are shortened where there is little room', () => {
    expect(formatCompact(1_234_567, 'en')).toBe('1.2M')
  })
})

describe('the start of a step', () => {
  afterEach(() => vi.unstubAllEnvs())

  test.each([
    ['Europe/Berlin', '2026-10-25T00:00Z', '25 Oct, 02:00 CEST'],
    ['Europe/Berlin', '2026-10-25T01:00Z', '25 Oct, 02:00 CET'],
    ['Europe/Berlin', '2026-10-24T23:00Z', '25 Oct, 01:00'],
    ['Europe/Berlin', '2026-10-25T02:00Z', '25 Oct, 03:00'],
    ['Europe/Berlin', '2027-03-28T01:00Z', '28 Mar, 03:00'],
    ['America/New_York', '2026-11-01T06:00Z', '1 Nov, 01:00 GMT-5'],
    ['Australia/Lord_Howe', '2026-04-04T15:00Z', '5 Apr, 01:30 GMT+10:30'],
    ['Asia/Kathmandu', '2026-10-25T00:15Z', '25 Oct, 06:00'],
  ])('in %s at %s is %s: the zone follows an hour that comes twice', (zone, at, words) => {
    vi.stubEnv('TZ', zone)
    expect(formatStep(at, 'hour', 'en', { withDay: true })).toBe(words)
  })

  test('shows a day as the day of the calendar in which the engine counts', () => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    const midnight = '2026-11-01T04:00:00Z'
    expect(formatStep(midnight, 'day', 'en', { zone: 'America/New_York' })).toBe('1 Nov')
    expect(formatStep('2026-10-31T15:00:00Z', 'day', 'en', { zone: 'Asia/Tokyo' })).toBe('1 Nov')
  })
})
