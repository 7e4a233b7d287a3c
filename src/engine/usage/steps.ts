import type { UsageStep } from '../../contract/usage.ts'

const dayMs = 24 * 60 * 60 * 1000

/** How long each step is kept. */
export const keptMs: Record<UsageStep, number> = {
  minute: 2 * dayMs,
  hour: 90 * dayMs,
  day: 5 * 366 * dayMs,
}

/**
 * When the step that `time` lies in began. Hours and days are those of this computer's clock on the
 * wall, because "today" is: a day that begins with summer time has 23 hours.
 */
export function stepStart(step: UsageStep, time: Date): Date {
  const start = new Date(time)
  start.setSeconds(0, 0)
  if (step !== 'minute') start.setMinutes(0)
  if (step === 'day') start.setHours(0)
  return start
}

/** When the step after the one that began at `start` begins. */
export function nextStep(step: UsageStep, start: Date): Date {
  const next = new Date(start)
  if (step === 'day') next.setDate(next.getDate() + 1)
  else next.setTime(next.getTime() + (step === 'hour' ? 60 : 1) * 60_000)
  return stepStart(step, next)
}
