/** Converts a `datetime-local` value to ISO time in UTC; null if empty or invalid. */
export function timeOfLocalInput(value: string): string | null {
  const time = new Date(value)
  return value === '' || Number.isNaN(time.getTime()) ? null : time.toISOString()
}

/** Converts an ISO time to a `datetime-local` value in local time; empty for null. */
export function localInputOf(at: string | null): string {
  if (at === null) return ''
  const time = new Date(at)
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
