import type { CalendarEntry, RenewalCalendar } from '../../../../contract/renewal-calendar.ts'

type Rule = RenewalCalendar['rules'][number]

/** A line of the calendar: what becomes of a certificate, or a rule that takes effect. */
export type CalendarLine = { at: string; entry: CalendarEntry } | { at: string; rule: Rule }

export interface CalendarMonth {
  /** `2027-03` */
  month: string
  lines: CalendarLine[]
}

/** The months that have something in them, in order. */
export function monthsOf({ entries, rules }: Pick<RenewalCalendar, 'entries' | 'rules'>): CalendarMonth[] {
  const lines: CalendarLine[] = [
    ...rules.map((rule) => ({ at: rule.from, rule })),
    ...entries.map((entry) => ({ at: entry.at, entry })),
  ]
  const months = new Map<string, CalendarLine[]>()
  for (const line of lines.toSorted((a, b) => a.at.localeCompare(b.at))) {
    const month = line.at.slice(0, 7)
    const known = months.get(month)
    if (known) known.push(line)
    else months.set(month, [line])
  }
  return [...months].map(([month, ofMonth]) => ({ month, lines: ofMonth }))
}
