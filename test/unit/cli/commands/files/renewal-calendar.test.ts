import { expect, test } from 'vitest'
import { calendarInWords } from '../../../../../src/cli/commands/files/renewal-calendar.ts'
import type { CalendarEntry, RenewalCalendar } from '../../../../../src/contract/renewal-calendar.ts'

const minuteMs = 60_000
const start = Date.parse('2026-11-26T12:00:00Z')

/** Renewals of one certificate, the first planned and the rest foreseen. */
function renewals(name: string, times: number, everyMs: number, lifeDays: number): CalendarEntry[] {
  return Array.from({ length: times }, (_, generation) => ({
    at: new Date(start + generation * everyMs).toISOString(),
    kind: 'renew',
    certificate: { id: name, name, covers: [name] },
    by: 'local',
    generation,
    lifeDays,
  }))
}

function calendarOf(entries: CalendarEntry[], completeUntil: string | null = null): RenewalCalendar {
  const until = '2027-11-26T12:00:00.000Z'
  return { at: new Date(start).toISOString(), until, entries, completeUntil, forecasts: [], rules: [] }
}

test('a certificate that is renewed every 40 minutes has two lines, not thousands', () => {
  const entries = [
    ...renewals('hourly.test', 4_900, 40 * minuteMs, 1 / 24),
    ...renewals('monthly.test', 12, 30 * 24 * 60 * minuteMs, 45),
  ]
  const words = calendarInWords(calendarOf(entries, '2027-04-11T12:00:00.000Z'))
  const lines = words.split('\n')
  expect(lines.filter((line) => line.includes('hourly.test'))).toEqual([
    expect.stringMatching(/^2026-11-26 {2}hourly\.test +renews for 60 minutes$/),
    '2026-11-26  hourly.test   would renew again for 60 minutes about every 40 minutes, 4899 times until 2027-04-11',
  ])
  expect(lines.filter((line) => line.includes('monthly.test'))).toHaveLength(12)
  expect(lines.at(-1)).toBe('Complete until 2027-04-11: after that there are too many renewals to list.')
})

test('one that is renewed once a month for a year has a line for each time', () => {
  const lines = calendarInWords(calendarOf(renewals('a.test', 13, 28 * 24 * 60 * minuteMs, 42))).split('\n')
  expect(lines).toHaveLength(14)
  expect(lines.at(-1)).toContain('would renew again for 42 days')
})
