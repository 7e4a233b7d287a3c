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
}

const hourMs = 3_600_000
/** Running time between the first and the last of the readings that have to agree. */
const apartMs = 6 * hourMs

/** The readings after this one: those of the last six hours of running time, and one from before them. */
export function withReading(before: ClockReadings, reading: ClockReading): ClockReadings {
  const { runningMs } = reading
  const last = before.readings.at(-1)
  const isNew = last === undefined || runningMs - last.runningMs >= hourMs
  const all = isNew ? [...before.readings, reading] : before.readings
  const firstNeeded = all.findLastIndex((one) => runningMs - one.runningMs >= apartMs)
  return { runningMs, readings: all.slice(Math.max(0, firstNeeded)) }
}

/**
 * The time by which something may be deleted: the earliest of all readings of six hours of running time, so that a
 * clock that is ahead for minutes deletes nothing. Null while there are no two readings so far apart.
 */
export function agreedTime({ readings }: ClockReadings, now: ClockReading): Date | null {
  const [first] = readings
  if (!first || now.runningMs - first.runningMs < apartMs) return null
  return new Date(Math.min(now.timeMs, ...readings.map(({ timeMs }) => timeMs)))
}
