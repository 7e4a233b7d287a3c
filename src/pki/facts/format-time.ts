const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** `3 March 2026`, in UTC. */
export function shortDate(time: number): string {
  const date = new Date(time)
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** Distance of `time` from `at`: `8 months ago`, `in 3 days`. Both in milliseconds since 1970. */
export function relative(time: number, at: number): string {
  const distance = span(Math.abs(time - at))
  return time < at ? `${distance} ago` : `in ${distance}`
}

function span(ms: number): string {
  if (ms < minuteMs) return 'less than a minute'
  if (ms < 2 * hourMs) return counted(ms / minuteMs, 'minute')
  if (ms < 2 * dayMs) return counted(ms / hourMs, 'hour')
  if (ms < 60 * dayMs) return counted(ms / dayMs, 'day')
  if (ms < 730 * dayMs) return counted(ms / (30.44 * dayMs), 'month')
  return counted(ms / (365.25 * dayMs), 'year')
}

function counted(value: number, unit: string): string {
  const whole = Math.floor(value)
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`
}
