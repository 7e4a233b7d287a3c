/** Validity period of a certificate, as instants in ISO 8601. */
export interface ValidityPeriod {
  notBefore: string
  notAfter: string
}

export type Validity = 'not-yet-valid' | 'valid' | 'expired'

/**
 * Rule for "valid now", for lists, renewal, staleness in the worker, tray and metrics: notBefore ≤ now <
 * notAfter. A clock that was ahead leaves certificates that are not valid yet; they are as unusable as
 * expired ones.
 */
export function validityAt({ notBefore, notAfter }: ValidityPeriod, now: Date): Validity {
  if (now.getTime() < Date.parse(notBefore)) return 'not-yet-valid'
  return now.getTime() < Date.parse(notAfter) ? 'valid' : 'expired'
}

export function isValidNow(period: ValidityPeriod, now: Date): boolean {
  return validityAt(period, now) === 'valid'
}

/** Most ACME clients renew in the last third, which fits certificates of six days and of a year. */
export function isInLastThird({ notBefore, notAfter }: ValidityPeriod, now: Date): boolean {
  const [from, until] = [Date.parse(notBefore), Date.parse(notAfter)]
  return now.getTime() >= until - (until - from) / 3
}

const units = [
  ['day', 1440],
  ['hour', 60],
  ['minute', 1],
] as const

/**
 * `90 days`, `397 days and 1 hour`: to the minute, since an authority may or may not count the second at the
 * end (RFC 5280, section 4.1.2.5). Milliseconds since 1970.
 */
export function formatLifetime(notBefore: number, notAfter: number): string {
  let rest = Math.max(0, Math.round((notAfter - notBefore) / 60_000))
  const parts: string[] = []
  for (const [unit, minutes] of units) {
    const count = Math.floor(rest / minutes)
    rest -= count * minutes
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`)
  }
  return parts.slice(0, 2).join(' and ') || '0 minutes'
}
