import { reminderDays } from './expiry.ts'
import type { CalendarEntry, RenewalCalendar } from '../contract/issuing/renewal-calendar.ts'

const dayMs = 86_400_000
const longestLineBytes = 75
const encoder = new TextEncoder()

/**
 * Renewal calendar as iCalendar (RFC 5545): planned renewals, reminders, ends of certificates, and the days
 * of the rules. What a person has to do has alarms. Forecasts are omitted: they would move with every export. Identifiers are stable, so that a
 * calendar which imports the file again moves its events.
 */
export function calendarFile({ at, entries, rules }: RenewalCalendar): string {
  const stamp = `${at.slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const events = [
    ...entries.filter(({ generation }) => generation === 0).flatMap((entry) => eventsOf(entry, at)),
    ...rules.map(ruleEvent),
  ]
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Edgekeep//Renewal calendar//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    text('NAME', 'Certificates in Edgekeep'),
    text('X-WR-CALNAME', 'Certificates in Edgekeep'),
    ...events.flatMap((event) => eventLines(event, stamp)),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

interface CalendarEvent {
  uid: string
  /** All-day event on this day (UTC): `2027-03-15`. */
  day: string
  summary: string
  description: string
  /** Alarm in the morning of that day. */
  alarm?: boolean
}

/** An end is announced on the days of `reminderDays` that are not over. */
function eventsOf(entry: CalendarEntry, now: string): CalendarEvent[] {
  const event = certificateEvent(entry)
  if (entry.kind === 'renew') return [event]
  const announced = entry.kind === 'end' ? reminderDays : []
  const { id, name } = entry.certificate
  const before = announced.map((days) => ({
    ...event,
    uid: `end-${days}-${id}@edgekeep`,
    day: new Date(Date.parse(entry.at) - days * dayMs).toISOString().slice(0, 10),
    summary: `${name}: certificate ends in ${days} days`,
  }))
  return [...before.filter(({ day }) => day >= now.slice(0, 10)), event].map((each) => ({
    ...each,
    alarm: true,
  }))
}

function certificateEvent({ at, kind, certificate, by }: CalendarEntry): CalendarEvent {
  const { id, name, covers } = certificate
  const summary = {
    renew: `${name}: renews automatically`,
    remind: `${name}: reminder to replace it`,
    end: `${name}: certificate ends`,
  }[kind]
  const who = { local: 'The local authority renews it.', acme: 'An ACME account renews it.' }
  const how = by === 'local' || by === 'acme' ? who[by] : 'Nothing renews it by itself.'
  const description = `${how}\nNames: ${covers.join(', ')}`
  return { uid: `${kind}-${id}@edgekeep`, day: at.slice(0, 10), summary, description }
}

function ruleEvent({ from, days, of }: RenewalCalendar['rules'][number]): CalendarEvent {
  const summary =
    of === 'public'
      ? `New public certificates last ${days} days at most`
      : `Let's Encrypt issues for ${days} days by default`
  const description =
    of === 'public'
      ? 'CA/Browser Forum, ballot SC-081v3. Certificates of the local authority are not affected.'
      : 'Where no profile is named in the order.'
  return { uid: `rule-${of}-${from}@edgekeep`, day: from, summary, description }
}

function eventLines({ uid, day, summary, description, alarm }: CalendarEvent, stamp: string): string[] {
  return [
    'BEGIN:VEVENT',
    text('UID', uid),
    `DTSTAMP:${stamp}`,
    `DTSTART;VALUE=DATE:${day.replaceAll('-', '')}`,
    text('SUMMARY', summary),
    text('DESCRIPTION', description),
    'TRANSP:TRANSPARENT',
    ...(alarm ? alarmLines(summary) : []),
    'END:VEVENT',
  ]
}

/** Alarm nine hours into the day (RFC 5545, section 3.6.6). */
function alarmLines(summary: string): string[] {
  return ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:PT9H', text('DESCRIPTION', summary), 'END:VALARM']
}

/** Text property (RFC 5545, section 3.3.11). Control characters are not allowed and are removed. */
function text(property: string, value: string): string {
  const escaped = value
    .replaceAll(/[\\;,]/g, String.raw`\$&`)
    .replaceAll(/\r\n|\r|\n/g, String.raw`\n`)
    .replaceAll(/\p{Cc}/gu, '')
  return `${property}:${escaped}`
}

/** Folds lines to 75 octets between characters (RFC 5545, section 3.1). */
function folded(line: string): string {
  let [result, sizeBytes] = ['', 0]
  for (const character of line) {
    const bytes = encoder.encode(character).length
    if (sizeBytes + bytes > longestLineBytes) [result, sizeBytes] = [`${result}\r\n `, 1]
    result += character
    sizeBytes += bytes
  }
  return result
}
