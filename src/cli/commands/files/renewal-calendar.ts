import type { CalendarEntry, RenewalCalendar } from '../../../contract/issuing/renewal-calendar.ts'
import { compareTimes } from '../../../domain/compare.ts'
import { calendarFile } from '../../../domain/calendar-file.ts'
import { writeOutput } from '../../input/files.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { count } from '../../../contract/text/count.ts'
import { table } from '../../output/format.ts'
import { day } from '../../output/times.ts'

export interface CalendarOptions {
  calendar?: boolean
  ics?: string
  months?: string
}

/** Prints upcoming renewals by month, with the effects of the lifetime rules, or writes an iCalendar file. */
export async function showCalendar({ client }: Session, options: CalendarOptions): Promise<Result> {
  const calendar = await client.renewal.calendar({ months: monthsOf(options.months) })
  if (options.ics === undefined) return { data: { calendar }, text: formatCalendar(calendar) }
  const file = calendarFile(calendar)
  writeOutput(options.ics, Buffer.from(file), 'public')
  const events = count(file.split('\r\nBEGIN:VEVENT').length - 1, 'event')
  return { data: { file: options.ics, calendar }, text: `${options.ics} has ${events}.` }
}

function monthsOf(text = '12'): number {
  const months = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (months >= 1 && months <= 36) return months
  throw usageError('--months takes 1 to 36.')
}

export function formatCalendar({ entries, rules, forecasts, completeUntil, until }: RenewalCalendar): string {
  const days = [
    ...entries.map((entry) => ({
      day: day(entry.at),
      cells: [entry.certificate.name, formatEntry(entry, until)],
    })),
    ...rules.map(({ from, days: life, of }) => ({
      day: from,
      cells: [
        of === 'public' ? 'public certificates' : "Let's Encrypt",
        `new ones last ${life} days at most`,
      ],
    })),
  ].toSorted((a, b) => compareTimes(a.day, b.day))
  const lines = [
    days.length > 0
      ? table(
          ['DAY', 'CERTIFICATE', 'EVENT'],
          days.map((line) => [line.day, ...line.cells]),
        )
      : `Nothing is due before ${day(until)}.`,
    ...(completeUntil === null
      ? []
      : [`Complete until ${day(completeUntil)}: after that there are too many renewals to list.`]),
  ]
  if (forecasts.length === 0) return lines.join('\n')
  const meanings = forecasts.map(({ certificate, meaning }) => [certificate.name, meaning])
  return [...lines, '', table(['CERTIFICATE', 'EFFECT OF SHORTER LIFETIMES'], meanings)].join('\n')
}

function formatEntry({ kind, generation, lifeDays, by, repeats }: CalendarEntry, until: string): string {
  if (kind === 'remind') return 'a reminder to replace it'
  if (kind === 'end') return by === 'nobody' ? 'expires, not renewed automatically' : 'expires'
  const life = lifeDays === null ? '' : ` for ${formatTime(lifeDays)}`
  if (generation === 0) return `renews${life}`
  if (!repeats) return `would renew again${life}`
  const every = formatTime(repeats.everyMinutes / minutesPerDay)
  return `would renew again${life} about every ${every}, ${repeats.times} times until ${day(until)}`
}

const minutesPerDay = 24 * 60

/**
 * `40 minutes`, `16 hours`, `30 days`. Rounded, because certificates are backdated by an hour: one of 30 days
 * lasts 30.04.
 */
function formatTime(days: number): string {
  if (days * 24 < 2) return count(Math.round(days * minutesPerDay), 'minute')
  return days < 2 ? count(Math.round(days * 24), 'hour') : count(Math.round(days), 'day')
}
