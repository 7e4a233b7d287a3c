/**
 * Whether a stored time is reached. One more than `mostMs` away was stored under a clock that was ahead, and
 * counts as reached.
 */
export function isReached(noted: string | null, now: Date, mostMs: number): boolean {
  if (noted === null) return true
  const ahead = Date.parse(noted) - now.getTime()
  return ahead <= 0 || ahead > mostMs
}
