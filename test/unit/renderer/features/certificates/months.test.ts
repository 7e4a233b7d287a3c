import { expect, test } from 'vitest'
import type { CalendarEntry } from '../../../../../src/contract/issuing/renewal-calendar.ts'
import { monthsOf } from '../../../../../src/renderer/features/certificates/calendar/months.ts'

const entry = (at: string): CalendarEntry => ({
  at,
  kind: 'renew',
  certificate: { id: at, name: 'shop.test', covers: ['shop.test'] },
  by: 'local',
  generation: 0,
  lifeDays: 30,
  repeats: null,
})
const rule = (from: string) => ({ from, days: 100, of: 'public' as const })
const told = (calendar: Parameters<typeof monthsOf>[0]) =>
  monthsOf(calendar).map(({ month, lines, completeUntil }) => [month, lines.length, completeUntil])

test('the months have what happens in them, in order', () => {
  const entries = [entry('2027-05-02T00:00:00.000Z'), entry('2027-03-20T00:00:00.000Z')]
  const calendar = { entries, rules: [rule('2027-03-15')], completeUntil: null }
  expect(told(calendar)).toEqual([
    ['2027-03', 2, null],
    ['2027-05', 1, null],
  ])
})

test('a truncated list says so in its last month, before the rules that follow', () => {
  const completeUntil = '2027-04-11T12:00:00.000Z'
  const calendar = {
    entries: [entry('2027-03-20T00:00:00.000Z')],
    rules: [rule('2027-06-01')],
    completeUntil,
  }
  expect(told(calendar)).toEqual([
    ['2027-03', 1, null],
    ['2027-04', 0, completeUntil],
    ['2027-06', 1, null],
  ])
})
