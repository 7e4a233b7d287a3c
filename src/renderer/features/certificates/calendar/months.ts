import { compareTimes } from '../../../../domain/compare.ts'
import { groupBy } from '../../../../domain/group-by.ts'
import type { CalendarEntry, RenewalCalendar } from '../../../../contract/issuing/renewal-calendar.ts'

type Rule = RenewalCalendar['rules'][number]

/** A line of the calendar: an event of a certificate, or a rule that takes effect. */
export type CalendarLine = { at: string; entry: CalendarEntry } | { at: string; rule: Rule }

export interface CalendarMonth {
  /** `2027-03` */
  month: string
  lines: CalendarLine[]
  /** End of the complete part if the forecast ends in this month; later lines are rules only. */
  completeUntil: string | null
}

/** Non-empty months and the month in which the forecast ends, in order. */
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
    lines.toSorted((one, other) => compareTimes(one.at, other.at)),
    ({ at }) => at.slice(0, 7),
  )
  const months = new Set([...byMonth.keys(), ...(stopsIn === undefined ? [] : [stopsIn])])
  return [...months].toSorted(compareTimes).map((month) => ({
    month,
    lines: byMonth.get(month) ?? [],
    completeUntil: month === stopsIn ? completeUntil : null,
  }))
}
