import type { ExpiryState } from '../../../contract/domains.ts'

const weekMs = 7 * 24 * 60 * 60 * 1000

/**
 * Where in its lifetime a certificate is. The last third is when most ACME clients renew, and fits
 * a certificate of six days as well as one of a year.
 */
export function expiryState(validity: { notBefore: string; notAfter: string }, now: Date): ExpiryState {
  const [from, until, at] = [Date.parse(validity.notBefore), Date.parse(validity.notAfter), now.getTime()]
  if (at < from) return 'not-yet-valid'
  if (at > until) return 'expired'
  const left = until - at
  if (left > (until - from) / 3) return 'ok'
  return left > weekMs ? 'last-third' : 'last-week'
}
