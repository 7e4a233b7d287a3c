import { createHash } from 'node:crypto'
import type { RenewalState } from '../../contract/issuing/renewal.ts'
import { isReached } from '../../domain/reached-time.ts'
import type { ValidityPeriod } from '../../domain/validity.ts'

/** Fraction of the lifetime after which a certificate is renewed, minus the jitter. */
export const renewAfter = 2 / 3
const jitterOfLife = 1 / 30
const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Age from which the window of a renewed certificate counts; less for short lifetimes. */
const leastAgeMs = 6 * hourMs

/**
 * Time of renewal: within the authority's window (RFC 9773, section 4.2), or else shortly before two thirds
 * of the lifetime. The jitter derives from `id`, so that it is stable and spreads out many certificates.
 */
export function renewalMoment(id: string, validity: ValidityPeriod, window: RenewalState['window']): Date {
  const chance = chanceOf(id)
  const [from, until] = [Date.parse(validity.notBefore), Date.parse(validity.notAfter)]
  const life = until - from
  const usual = from + life * (renewAfter - jitterOfLife * chance)
  if (!window) return new Date(usual)
  const [start, end] = [Date.parse(window.start), Date.parse(window.end)]
  // A window that leaves no time for retries must not let a certificate lapse.
  return new Date(Math.min(start + (end - start) * chance, until - life / 20))
}

/**
 * Earliest renewal of a certificate that was itself made by a renewal at `madeAt`: an authority whose windows lie in the
 * past would have one after the other ordered. One that is due at once by its lifetime shows that its authority or the
 * clock here is wrong, and waits as long as after an order for nothing.
 */
export function earliestAgain(
  madeAt: string,
  { notBefore, notAfter }: ValidityPeriod,
  window: RenewalState['window'],
): Date {
  const life = Date.parse(notAfter) - Date.parse(notBefore)
  const waitMs = window ? Math.min(leastAgeMs, life / 10) : Math.min(waitAfterIssueMs, life / 3)
  return new Date(Date.parse(madeAt) + waitMs)
}

/** Between 0 and 1, stable for an id. */
function chanceOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE() / 2 ** 32
}

/**
 * Period in which a local certificate is served without on-demand renewal: from notBefore to half a day
 * before notAfter, less for short lifetimes. Milliseconds since 1970.
 */
export function freshPeriod({ notBefore, notAfter }: ValidityPeriod): { from: number; until: number } {
  const [from, until] = [Date.parse(notBefore), Date.parse(notAfter)]
  return { from, until: until - Math.min(12 * hourMs, (until - from) / 10) }
}

/** Whether a local certificate is served without on-demand renewal. */
export function isFresh(validity: ValidityPeriod, now: Date): boolean {
  const { from, until } = freshPeriod(validity)
  return from <= now.getTime() && now.getTime() < until
}

/** Backoff below a limit of five failed validations of a name an hour. */
const firstWaitMs = hourMs
const longestWaitMs = dayMs
/**
 * Backoff after an order that issued a certificate. Let's Encrypt allows five for the same names in seven
 * days: four leave one for the renewal.
 */
const waitAfterIssueMs = (7 / 4) * dayMs
/** The local authority has no limits. */
const firstLocalWaitMs = 60_000
/** The longest window of a public authority's limits is a week; a longer Retry-After is not followed. */
const longestRetryAfterMs = 8 * dayMs

/**
 * Time of the next attempt after `attempts` consecutive failures, with exponential backoff and not before the
 * authority's Retry-After. An hour between orders is below every known limit on orders, even for certificates
 * of six days; an order that issued one (`wasIssued`) counts against another limit.
 */
export function nextAttempt(
  attempts: number,
  {
    now,
    retryAt,
    isLocal,
    wasIssued,
  }: { now: Date; retryAt: string | null; isLocal: boolean; wasIssued: boolean },
): Date {
  const first = isLocal ? firstLocalWaitMs : firstWaitMs
  const laterMs = Math.min(longestWaitMs, first * 2 ** Math.min(Math.max(0, attempts - 1), 10))
  const waitMs = wasIssued && !isLocal ? waitAfterIssueMs : laterMs
  const named = retryAt === null ? 0 : Math.min(Date.parse(retryAt), now.getTime() + longestRetryAfterMs)
  return new Date(Math.max(now.getTime() + waitMs, named))
}

/**
 * Whether a failure may be retried now. The time of the retry is ignored if the last attempt lies in the
 * future (the clock was ahead then), or if it is later than any time that `nextAttempt` sets.
 */
export function mayTryAgain(
  { notBefore, lastAttempt }: Pick<RenewalState, 'notBefore'> & { lastAttempt: { at: string } | null },
  now: Date,
): boolean {
  return isFromFuture(lastAttempt, now) || isReached(notBefore, now, longestRetryAfterMs)
}

/** Whether an attempt was made under a clock that was ahead. */
export function isFromFuture(attempt: { at: string } | null, now: Date): boolean {
  return attempt !== null && Date.parse(attempt.at) > now.getTime()
}
