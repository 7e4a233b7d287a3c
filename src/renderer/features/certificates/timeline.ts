const dayMs = 86_400_000
const longestAheadDays = 420
/** Distance from today and the end that a month's label needs, as a share of the narrowest axis (200 pixels). */
const labelShare = { today: 0.17, end: 0.05 }

/** Shared time axis, in milliseconds since 1970. */
export interface Axis {
  from: number
  until: number
  /** First days of months, as far as their labels have room beside the one of today. */
  ticks: number[]
}

export interface Stretch {
  /** In percent of the axis. */
  left: number
  width: number
}

/**
 * Axis for expiry times `ends` (ISO 8601): from one month ago until shortly after the last, at least four
 * months ahead and at most fourteen, so that a ten-year certificate does not squeeze the others.
 */
export function axisFor(ends: readonly string[], now: Date): Axis {
  const at = now.getTime()
  const latest = Math.max(0, ...ends.map((end) => Date.parse(end)))
  const ahead = Math.min(Math.max((latest - at) / dayMs + 10, 120), longestAheadDays)
  const from = at - 30 * dayMs
  const until = at + ahead * dayMs
  const length = until - from
  const hasRoom = (tick: number) =>
    Math.abs(tick - at) > length * labelShare.today && until - tick > length * labelShare.end
  const months = monthsBetween(from, until)
  // Every second or third month if all would crowd.
  const step = Math.ceil(months.length / 6)
  return { from, until, ticks: months.filter(hasRoom).filter((_, index) => index % step === 0) }
}

/** Position of an interval on `axis`, clipped to it; null if outside. */
export function stretchOn(axis: Axis, start: number, end: number): Stretch | null {
  const cutStart = Math.max(start, axis.from)
  const cutEnd = Math.min(end, axis.until)
  if (cutEnd <= cutStart) return null
  const left = percentOn(axis, cutStart)
  return { left, width: percentOn(axis, cutEnd) - left }
}

export function percentOn(axis: Axis, at: number): number {
  return ((at - axis.from) / (axis.until - axis.from)) * 100
}

function monthsBetween(from: number, until: number): number[] {
  const first = new Date(from)
  const ticks: number[] = []
  for (let month = 1; ; month += 1) {
    const tick = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1)
    if (tick >= until) return ticks
    ticks.push(tick)
  }
}
