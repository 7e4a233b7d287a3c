/** A reading of the system's time, and how long the engine had run by then, over all its runs. */
export interface ClockReading {
  timeMs: number
  runningMs: number
}

/** Readings to be kept between runs. */
export interface ClockReadings {
  runningMs: number
  /** The oldest first; an hour of running time apart. */
  readings: ClockReading[]
  /** Time that follows the readings at a bounded rate; null before the first agreement. */
  followed: ClockReading | null
}

const hourMs = 3_600_000
/** Running time between the first and the last of the readings that have to agree. */
const apartMs = 6 * hourMs
/** A day of the clock for each hour of running. */
const mostRate = 24

/**
 * The readings after this one: those of the last six hours of running time, and one from before them. The
 * followed time approaches the earliest of them.
 */
export function withReading(before: ClockReadings, reading: ClockReading): ClockReadings {
  const { runningMs } = reading
  const last = before.readings.at(-1)
  const isNew = last === undefined || runningMs - last.runningMs >= hourMs
  const all = isNew ? [...before.readings, reading] : before.readings
  const firstNeeded = all.findLastIndex((one) => runningMs - one.runningMs >= apartMs)
  const readings = all.slice(Math.max(0, firstNeeded))
  return { runningMs, readings, followed: follow(before, reading) }
}

/**
 * The time by which something may be deleted: the earliest of all readings of six hours of running time, so
 * that a clock that is ahead for minutes deletes nothing, and at most a day more for each further hour, so
 * that one that stays ahead by years deletes little before somebody notices. Null while there are no two
 * readings so far apart.
 */
export function agreedTime(before: ClockReadings, now: ClockReading): Date | null {
  const earliest = earliestOf(before, now)
  const followed = follow(before, now)
  return earliest === null || followed === null ? null : new Date(Math.min(earliest, followed.timeMs))
}

/** Both ways at the same rate: what a wrong clock has moved, the right one moves back. */
function follow(before: ClockReadings, now: ClockReading): ClockReading | null {
  const [first] = before.readings
  const earliest = earliestOf(before, now)
  const from = before.followed ?? first
  if (earliest === null || !from) return before.followed
  const mostMs = mostRate * Math.max(0, now.runningMs - from.runningMs)
  const byMs = Math.max(-mostMs, Math.min(mostMs, earliest - from.timeMs))
  return { timeMs: from.timeMs + byMs, runningMs: now.runningMs }
}

/** The earliest of the readings and `now`; null while they are not far enough apart. */
function earliestOf({ readings }: ClockReadings, now: ClockReading): number | null {
  const [first] = readings
  if (!first || now.runningMs - first.runningMs < apartMs) return null
  return Math.min(now.timeMs, ...readings.map(({ timeMs }) => timeMs))
}
