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
