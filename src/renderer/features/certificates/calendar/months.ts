import { groupBy } from '../../../ui/group-by.ts'
import type { CalendarEntry, RenewalCalendar } from '../../../../contract/renewal-calendar.ts'

type Rule = RenewalCalendar['rules'][number]

/** A line of the calendar: what becomes of a certificate, or a rule that takes effect. */
export type CalendarLine = { at: string; entry: CalendarEntry } | { at: string; rule: Rule }

export interface CalendarMonth {
  /** `2027-03` */
  month: string
  lines: CalendarLine[]
  /** Up to when nothing is missing, where the list stops in this month; what follows are rules alone. */
  completeUntil: string | null
}

/** The months that have something in them, and the one in which the list stops, in order. */
export function monthsOf({
  entries,
  rules,
  completeUntil,
}: Pick<RenewalCalendar, 'entries' | 'rules' | 'completeUntil'>): CalendarMonth[] {
  const lines: CalendarLine[] = [
    ...rules.map((rule) => ({ at: rule.from, rule })),
    ...entries.map((entry) => ({ at: entry.at, entry })),
  ]
  const stopsIn = completeUntil?.slice(0, 7)
  const byMonth = groupBy(
    lines.toSorted((a, b) => a.at.localeCompare(b.at)),
    ({ at }) => at.slice(0, 7),
  )
  const months = new Set([...byMonth.keys(), ...(stopsIn === undefined ? [] : [stopsIn])])
  return [...months]
    .toSorted((a, b) => a.localeCompare(b))
    .map((month) => ({
      month,
      lines: byMonth.get(month) ?? [],
      completeUntil: month === stopsIn ? completeUntil : null,
    }))
}
