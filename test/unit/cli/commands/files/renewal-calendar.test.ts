import { expect, test } from 'vitest'
import { formatCalendar } from '../../../../../src/cli/commands/files/renewal-calendar.ts'
import type { CalendarEntry } from '../../../../../src/contract/issuing/renewal-calendar.ts'

const until = '2027-11-26T12:00:00.000Z'
const entry = (change: Partial<CalendarEntry>): CalendarEntry => ({
  at: '2026-11-26T12:00:00.000Z',
  kind: 'renew',
  certificate: { id: 'hourly', name: 'hourly.test', covers: ['hourly.test'] },
  by: 'local',
  generation: 0,
  lifeDays: 1 / 24,
  repeats: null,
  ...change,
})

test('a certificate that is renewed every 40 minutes has two lines: the next time and all that follow', () => {
  const repeats = { everyMinutes: 40, times: 13_139 }
  const entries = [entry({}), entry({ at: '2026-11-26T12:40:00.000Z', generation: 1, repeats })]
  const calendar = { at: entries[0]!.at, until, entries, completeUntil: null, forecasts: [], rules: [] }
  expect(formatCalendar(calendar).split('\n').slice(1)).toEqual([
    '2026-11-26  hourly.test  renews for 60 minutes',
    '2026-11-26  hourly.test  would renew again for 60 minutes about every 40 minutes, 13139 times until 2027-11-26',
  ])
  expect(formatCalendar({ ...calendar, completeUntil: '2027-04-11T12:00:00.000Z' })).toContain(
    'Complete until 2027-04-11: after that there are too many renewals to list.',
  )
})
