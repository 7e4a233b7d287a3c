import { afterEach, describe, expect, test, vi } from 'vitest'
import type { AuditRow } from '../../../../../src/contract/audit/audit.ts'
import { byDay, formatDay } from '../../../../../src/renderer/features/activity/days.ts'

function row(at: string): AuditRow {
  return {
    sequence: 1,
    at,
    actor: 'window',
    action: 'vault.lock',
    subject: 'vault',
    before: null,
    after: null,
  }
}

describe('days of activity', () => {
  afterEach(() => vi.unstubAllEnvs())

  test.each([
    ['Europe/Berlin', '2026-10-25T22:59Z', '2026-10-24T22:00Z', '2026-10-24T21:59Z'],
    ['Europe/Berlin', '2027-03-28T21:59Z', '2027-03-27T23:00Z', '2027-03-27T22:59Z'],
    ['America/New_York', '2026-11-02T04:59Z', '2026-11-01T04:00Z', '2026-11-01T03:59Z'],
    ['America/New_York', '2027-03-15T03:59Z', '2027-03-14T05:00Z', '2027-03-14T04:59Z'],
    ['Australia/Lord_Howe', '2026-04-05T13:29Z', '2026-04-04T13:00Z', '2026-04-04T12:59Z'],
    ['Australia/Lord_Howe', '2026-10-04T12:59Z', '2026-10-03T13:30Z', '2026-10-03T13:29Z'],
    ['Asia/Kathmandu', '2026-10-25T18:14Z', '2026-10-24T18:15Z', '2026-10-24T18:14Z'],
  ])('in %s go from midnight to midnight, also where the clocks change', (zone, last, first, before) => {
    vi.stubEnv('TZ', zone)
    expect(byDay([last, first, before].map(row)).map(({ rows }) => rows.length)).toEqual([2, 1])
    expect(formatDay(first, new Date(last), 'en')).toBe('Today')
    expect(formatDay(before, new Date(last), 'en')).toBe('Yesterday')
  })
})
