import type { UsageStep } from '../../../contract/usage.ts'

export const presets = ['hour', 'day', 'week', 'month', 'year'] as const
export type Preset = (typeof presets)[number]

/** Days by the calendar, `2026-11-24`, both included. */
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
const dayMs = 24 * 60 * minuteMs

/** How far back the first step of each begins; the step that we are in is the last one. */
const backMs: Record<Preset, [UsageStep, number]> = {
  hour: ['minute', 59 * minuteMs],
  day: ['hour', 23 * 60 * minuteMs],
  week: ['hour', 7 * dayMs - 60 * minuteMs],
  month: ['day', 29 * dayMs],
  year: ['day', 364 * dayMs],
}

/** What to ask the engine for. */
export function periodOf(range: Range, now: Date): Period {
  if (typeof range === 'string') {
    const [step, back] = backMs[range]
    return { step, from: new Date(now.getTime() - back).toISOString() }
  }
  const from = new Date(`${range.from}T00:00`)
  const to = new Date(`${range.to}T23:59:59`)
  const isShort = to.getTime() - from.getTime() <= 8 * dayMs
  // Hours are kept for ninety days.
  const isRecent = now.getTime() - from.getTime() < 89 * dayMs
  return { step: isShort && isRecent ? 'hour' : 'day', from: from.toISOString(), to: to.toISOString() }
}

/** The day of `time` by the calendar, as a date field has it. */
export function dayOf(time: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}
