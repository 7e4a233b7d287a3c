import type { UsageStep } from '../../contract/usage/usage.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

export const retentionMs: Record<UsageStep, number> = {
  minute: 2 * dayMs,
  hour: 90 * dayMs,
  day: 5 * 366 * dayMs,
}

/**
 * Start of the step that contains `time`. Days are calendar days of this computer's time zone, because
 * "today" is: they can have 23, 24½ or 25 hours. Shorter steps use arithmetic on milliseconds, because the
 * calendar cannot name the second of two hours that are both 02:00.
 */
export function stepStart(step: UsageStep, time: Date): Date {
  if (step === 'day') return new Date(time.getFullYear(), time.getMonth(), time.getDate())
  const minute = time.getTime() - modulo(time.getTime(), minuteMs)
  return new Date(step === 'hour' ? hourStart(minute) : minute)
}

/** Start of the step after the one that began at `start`. */
export function nextStep(step: UsageStep, start: Date): Date {
  if (step === 'day') return stepsBack(step, start, -1)
  return stepStart(step, new Date(start.getTime() + (step === 'hour' ? hourMs : minuteMs)))
}

/** Start of the step `count` steps before the one that contains `time`; calendar days for days. */
export function stepsBack(step: UsageStep, time: Date, count: number): Date {
  if (step === 'day') return new Date(time.getFullYear(), time.getMonth(), time.getDate() - count)
  return stepStart(step, new Date(time.getTime() - count * (step === 'hour' ? hourMs : minuteMs)))
}

/**
 * Full hour of the local clock before `minute`, or a later change of the clock: at Lord Howe Island, which
 * changes by half an hour, the hour of the change has 30 minutes.
 */
function hourStart(minute: number): number {
  const offset = offsetAt(minute)
  const fullHour = minute - modulo(minute + offset * minuteMs, hourMs)
  if (offsetAt(fullHour) === offset) return fullHour
  let start = minute
  while (offsetAt(start - minuteMs) === offset) start -= minuteMs
  return start
}

/** Minutes east of UTC. */
function offsetAt(time: number): number {
  return -new Date(time).getTimezoneOffset()
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
