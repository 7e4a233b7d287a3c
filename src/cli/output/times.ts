/** `2026-11-26 22:30:11 UTC` or `2026-11-26 23:30:11 +01:00`: local time with its zone. */
export function moment(at: string): string {
  const time = new Date(at)
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':')
  return `${day(at)} ${clock} ${zoneOf(time)}`
}

/** `moment`, or `2026-11-26 14:32:05 Europe/Berlin` if `zone` is not the local time zone. */
export function momentIn(zone: string, at: string): string {
  if (zone === new Intl.DateTimeFormat().resolvedOptions().timeZone) return moment(at)
  // Swedish dates are ISO 8601.
  const form = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  return `${form.format(new Date(at))} ${zone}`
}

/** `2026-11-26`, the local day. */
export function day(at: string): string {
  const time = new Date(at)
  return [time.getFullYear(), ...[time.getMonth() + 1, time.getDate()].map(twoDigits)].join('-')
}

const instants = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z/g

/**
 * Formats every ISO 8601 instant in `text` like `moment`, except within an address or a word. Similar text,
 * in a name for instance, is unchanged.
 */
export function withMoments(text: string): string {
  return text.replace(instants, (instant, at: number) => {
    const isAlone = !/[^\s"'(]/.test(text.charAt(at - 1)) && !/[\w-]/.test(text.charAt(at + instant.length))
    return isAlone && isInstant(instant) ? moment(instant) : instant
  })
}

function isInstant(text: string): boolean {
  const time = new Date(text)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 16))
}

function zoneOf(time: Date): string {
  const minutes = -time.getTimezoneOffset()
  if (minutes === 0) return 'UTC'
  const away = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(away / 60))}:${twoDigits(away % 60)}`
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0')
}
