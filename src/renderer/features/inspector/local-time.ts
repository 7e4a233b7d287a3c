/** The value of a `datetime-local` field as ISO time in UTC; null where it is empty or no time. */
export function timeOfLocalInput(value: string): string | null {
  const time = new Date(value)
  return value === '' || Number.isNaN(time.getTime()) ? null : time.toISOString()
}

/** An ISO time as a `datetime-local` field shows it, in the person's own zone; empty for null. */
export function localInputOf(at: string | null): string {
  if (at === null) return ''
  const time = new Date(at)
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
