import type { AuditRow } from '../../../contract/audit/audit.ts'

/** Rows of one day in local time, newest first. */
export interface Day {
  /** `2026-11-24` */
  key: string
  at: string
  rows: AuditRow[]
}

export function byDay(rows: readonly AuditRow[]): Day[] {
  const days: Day[] = []
  for (const row of rows) {
    const key = dayKey(new Date(row.at))
    const day = days.at(-1)
    if (day?.key === key) day.rows.push(row)
    else days.push({ key, at: row.at, rows: [row] })
  }
  return days
}

/** `Today`, `Yesterday`, else the date. */
export function formatDay(at: string, now: Date, locale: string): string {
  const days = Math.round((startOfDay(new Date(at)) - startOfDay(now)) / 86_400_000)
  if (days === 0 || days === -1) {
    const label = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day')
    return label.charAt(0).toLocaleUpperCase(locale) + label.slice(1)
  }
  const dateLocale = locale === 'en' ? 'en-GB' : locale
  return new Intl.DateTimeFormat(dateLocale, { dateStyle: 'full' }).format(new Date(at))
}

function dayKey(at: Date): string {
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}
