import type { UsageStep } from '../../../contract/usage/usage.ts'

export const presets = ['hour', 'day', 'week', 'month', 'year'] as const
export type Preset = (typeof presets)[number]

/** Calendar days (`2026-11-24`), both inclusive. */
export interface OwnRange {
  from: string
  to: string
}
export type Range = Preset | OwnRange

export interface Period {
  step: UsageStep
  from: string
  /** Absent: now. */
  to?: string
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Step size, and number of steps before the current one. */
const stepsBefore: Record<Preset, [UsageStep, number]> = {
  hour: ['minute', 59],
  day: ['hour', 23],
  week: ['hour', 7 * 24 - 1],
  month: ['day', 29],
  year: ['day', 364],
}

export function periodOf(range: Range, now: Date): Period {
  if (typeof range === 'string') {
    const [step, before] = stepsBefore[range]
    return { step, from: stepsBack(step, now, before).toISOString() }
  }
  const from = new Date(`${range.from}T00:00`)
  const to = new Date(`${range.to}T23:59:59`)
  // Eight days can have an extra hour when the clocks change.
  const isShort = to.getTime() - from.getTime() <= 8 * dayMs + hourMs
  // The engine keeps hourly numbers for 90 days.
  const isRecent = now.getTime() - from.getTime() < 89 * dayMs
  return { step: isShort && isRecent ? 'hour' : 'day', from: from.toISOString(), to: to.toISOString() }
}

/** Uses calendar days: 29 × 24 hours end on another day when the clocks change. */
function stepsBack(step: UsageStep, now: Date, count: number): Date {
  if (step !== 'day') return new Date(now.getTime() - count * (step === 'hour' ? hourMs : minuteMs))
  const from = new Date(now)
  from.setDate(from.getDate() - count)
  return from
}

/** Local calendar day of `time`, as a date field's value. */
export function dayOf(time: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}
