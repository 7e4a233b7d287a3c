import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { keepLast } from '../derived.ts'
import { useNow } from './window-clock.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const steps: [Intl.RelativeTimeFormatUnit, number, number][] = [
  ['minute', minuteMs, hourMs],
  ['hour', hourMs, dayMs],
  ['day', dayMs, 60 * dayMs],
  ['month', 30.44 * dayMs, 730 * dayMs],
  ['year', 365.25 * dayMs, Infinity],
]

/** Made once: making one takes longer than formatting a screen of rows. */
const relativeFormat = keepLast((locale: string) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))

/** `3 minutes ago`, `in 62 days`; `now` under a minute. Rounded towards now: "in 1 day" is 24 h or more. */
export function relativeTime(at: string, now: Date, locale: string): string {
  const differenceMs = new Date(at).getTime() - now.getTime()
  const format = relativeFormat(locale)
  for (const [unit, lengthMs, belowMs] of steps) {
    if (Math.abs(differenceMs) < minuteMs) return format.format(0, 'second')
    if (Math.abs(differenceMs) < belowMs) return format.format(Math.trunc(differenceMs / lengthMs), unit)
  }
  return at
}

/** Date locale of the engine's messages: English with the day first. */
function dateLocale(language: string): string {
  return language === 'en' ? 'en-GB' : language
}

/** `24 November 2026 at 14:36:00 UTC+1`, in local time. */
export function absoluteTime(at: string, locale: string): string {
  return new Intl.DateTimeFormat(dateLocale(locale), { dateStyle: 'long', timeStyle: 'long' }).format(
    new Date(at),
  )
}

/** Formats each ISO 8601 instant in `text` with `absoluteTime`. */
export function formatTimesIn(text: string, locale: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (at) => absoluteTime(at, locale))
}

export function shortDate(at: string, locale: string): string {
  return new Intl.DateTimeFormat(dateLocale(locale), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(new Date(at))
}

/** Whole days from `now` until `at`; negative if past. */
export function daysUntil(at: string, now: Date): number {
  return Math.floor((new Date(at).getTime() - now.getTime()) / dayMs)
}

/** Relative time (`3 minutes ago`), formatted by `say` if given, with the absolute time as tooltip. */
export function RelativeTime({ at, say }: { at: string; say?: (when: string) => string }) {
  const { i18n } = useTranslation()
  const now = useNow()
  const label = relativeTime(at, now, i18n.language)
  return (
    <Tooltip label={absoluteTime(at, i18n.language)}>
      <time dateTime={at}>{say ? say(label) : label}</time>
    </Tooltip>
  )
}
