import fc from 'fast-check'
import ical from 'ical.js'
import { describe, expect, test } from 'vitest'
import type { CalendarEntry, RenewalCalendar } from '../../../src/contract/issuing/renewal-calendar.ts'
import { calendarFile } from '../../../src/domain/calendar-file.ts'

const entry = (change: Partial<CalendarEntry> & { name?: string; covers?: string[] } = {}): CalendarEntry => {
  const { name = 'shop', covers = ['shop.test'], ...rest } = change
  const certificate = { id: '0b2f1c5e-8a55-4a0f-9d43-0d8f4d3b0e11', name, covers }
  return {
    at: '2027-03-01T08:00:00.000Z',
    kind: 'renew',
    certificate,
    by: 'local',
    generation: 0,
    lifeDays: 397,
    repeats: null,
    ...rest,
  }
}
const calendarOf = (entries: CalendarEntry[]): RenewalCalendar => ({
  at: '2026-11-26T12:34:56.789Z',
  until: '2027-11-26T12:34:56.789Z',
  entries,
  completeUntil: null,
  forecasts: [],
  rules: [{ from: '2027-03-15', days: 100, of: 'public' }],
})
/** Parses the file with a third-party parser. */
function read(file: string) {
  const component = new ical.Component(ical.parse(file))
  return component.getAllSubcomponents('vevent').map((each) => new ical.Event(each))
}

describe('a calendar file', () => {
  test('is what RFC 5545 asks for, byte by byte', () => {
    expect(calendarFile({ ...calendarOf([entry({ name: 'shop, "main"; a\\b' })]), rules: [] })).toBe(
      [
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//Edgekeep//Renewal calendar//EN',
        'CALSCALE:GREGORIAN',
        'METHOD:PUBLISH',
        'NAME:Certificates in Edgekeep',
        'X-WR-CALNAME:Certificates in Edgekeep',
        'BEGIN:VEVENT',
        'UID:renew-0b2f1c5e-8a55-4a0f-9d43-0d8f4d3b0e11@edgekeep',
        'DTSTAMP:20261126T123456Z',
        'DTSTART;VALUE=DATE:20270301',
        String.raw`SUMMARY:shop\, "main"\; a\\b: renews automatically`,
        String.raw`DESCRIPTION:The local authority renews it.\nNames: shop.test`,
        'TRANSP:TRANSPARENT',
        'END:VEVENT',
        'END:VCALENDAR',
        '',
      ].join('\r\n'),
    )
  })

  test('is read by another parser: days, words and rules', () => {
    const events = read(
      calendarFile(
        calendarOf([
          entry(),
          entry({ kind: 'remind', by: 'reminder' }),
          entry({ kind: 'end', by: 'nobody' }),
        ]),
      ),
    )
    expect(events.map(({ summary, startDate }) => [summary, startDate.toString()])).toEqual([
      ['shop: renews automatically', '2027-03-01'],
      ['shop: reminder to replace it', '2027-03-01'],
      ['shop: certificate ends in 30 days', '2027-01-30'],
      ['shop: certificate ends in 14 days', '2027-02-15'],
      ['shop: certificate ends in 7 days', '2027-02-22'],
      ['shop: certificate ends', '2027-03-01'],
      ['New public certificates last 100 days at most', '2027-03-15'],
    ])
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(7)
    const alarms = events.map(({ component }) => component.getAllSubcomponents('valarm').length)
    expect(alarms).toEqual([0, 1, 1, 1, 1, 1, 0])
    expect(events[2]?.component.getFirstSubcomponent('valarm')?.toString()).toContain('TRIGGER:PT9H')
  })

  test('leaves out the days before an end that are over', () => {
    const end = entry({ kind: 'end', by: 'nobody', at: '2026-12-08T08:00:00.000Z' })
    const events = read(calendarFile({ ...calendarOf([end]), rules: [] }))
    expect(events.map(({ summary }) => summary)).toEqual([
      'shop: certificate ends in 7 days',
      'shop: certificate ends',
    ])
  })

  test('names its events alike in every export, and leaves out what is only foreseen', () => {
    const first = read(calendarFile(calendarOf([entry(), entry({ generation: 1 })])))
    const later = {
      ...calendarOf([entry({ at: '2027-03-04T08:00:00.000Z' })]),
      at: '2026-12-01T00:00:00.000Z',
    }
    expect(first).toHaveLength(2)
    expect(read(calendarFile(later)).map(({ uid }) => uid)).toEqual(first.map(({ uid }) => uid))
  })

  test('takes any words as they are and never has a line of more than 75 octets', () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 200 })
    fc.assert(
      fc.property(words, fc.array(words, { maxLength: 8 }), (name, covers) => {
        const file = calendarFile(calendarOf([entry({ name, covers })]))
        for (const line of file.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
          expect(line).not.toMatch(/[\r\n]/)
        }
        const [event] = read(file)
        const plain = (text: string) => text.replaceAll(/\r\n|\r/g, '\n').replaceAll(/[^\P{Cc}\n]/gu, '')
        expect(event?.summary).toBe(`${plain(name)}: renews automatically`)
        expect(event?.description).toBe(`The local authority renews it.\nNames: ${plain(covers.join(', '))}`)
      }),
    )
  })

  test('holds no event that a name brought in', () => {
    const name = 'shop\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\nATTACH:file:///etc/passwd'
    expect(read(calendarFile(calendarOf([entry({ name })])))).toHaveLength(2)
  })
})
