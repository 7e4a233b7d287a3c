import { createHash } from 'node:crypto'
import type { RenewalState } from '../../contract/renewal.ts'
import type { ValidityPeriod } from '../../domain/validity.ts'

/** Of a lifetime: renewed when this much is over, as far before it as the jitter says. */
export const renewAfter = 2 / 3
const jitterOfLife = 1 / 30
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * When a certificate is to be renewed: at a moment of the authority's own window (RFC 9773, section 4.2), or
 * else shortly before two thirds of its life are over. The moment is drawn by `id`, so that it stays the same
 * and those of many certificates are spread out.
 */
export function renewalMoment(id: string, validity: ValidityPeriod, window: RenewalState['window']): Date {
  const chance = chanceOf(id)
  const [from, until] = [Date.parse(validity.notBefore), Date.parse(validity.notAfter)]
  const life = until - from
  const usual = from + life * (renewAfter - jitterOfLife * chance)
  if (!window) return new Date(usual)
  const [start, end] = [Date.parse(window.start), Date.parse(window.end)]
  // A window that leaves no time to try again is no reason to let a certificate lapse.
  return new Date(Math.min(start + (end - start) * chance, until - life / 20))
}

/** Between 0 and 1, the same for the same id. */
function chanceOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE() / 2 ** 32
}

/**
 * When a local certificate is served without asking for another first: from its beginning until its last half day,
 * less for short lives. Milliseconds since 1970.
 */
export function freshPeriod({ notBefore, notAfter }: ValidityPeriod): { from: number; until: number } {
  const [from, until] = [Date.parse(notBefore), Date.parse(notAfter)]
  return { from, until: until - Math.min(12 * hourMs, (until - from) / 10) }
}

/** Whether a local certificate is served without asking for another first. */
export function isFresh(validity: ValidityPeriod, now: Date): boolean {
  const { from, until } = freshPeriod(validity)
  return from <= now.getTime() && now.getTime() < until
}

/** Where an authority allows five failed validations of a name an hour, none of ours is refused for it. */
const firstWaitMs = hourMs
const longestWaitMs = dayMs
/**
 * After an order that gave a certificate, of which Let's Encrypt allows five for the same names in seven days: four
 * leave room for the one that is to be renewed.
 */
const waitAfterIssueMs = (7 / 4) * dayMs
/** The local authority has no limits. */
const firstLocalWaitMs = 60_000
/** The longest window of a public authority's limits is a week; a longer Retry-After is not followed. */
const longestRetryAfterMs = 8 * dayMs

/**
 * When to try again after `attempts` failures in a row: ever later, and not before the authority's Retry-After.
 * An hour at least between two orders is below every limit on orders that is known, for certificates of six days too;
 * one that gave a certificate (`wasIssued`) counts against another limit.
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
 * Whether to try again after a failure. A last attempt later than now was made under a clock that was ahead, and so
 * was the moment noted for the next one; the same goes for a moment farther away than any that `nextAttempt` gives.
 */
export function mayTryAgain(
  { notBefore, lastAttempt }: Pick<RenewalState, 'notBefore' | 'lastAttempt'>,
  now: Date,
): boolean {
  return isFromFuture(lastAttempt, now) || isReached(notBefore, now, longestRetryAfterMs)
}

/** Whether an attempt was made under a clock that was ahead. */
export function isFromFuture(attempt: RenewalState['lastAttempt'], now: Date): boolean {
  return attempt !== null && Date.parse(attempt.at) > now.getTime()
}

/**
 * Whether a noted moment is reached. One that is more than `mostMs` away was noted under a clock that was ahead, and
 * counts as reached.
 */
export function isReached(noted: string | null, now: Date, mostMs: number): boolean {
  if (noted === null) return true
  const ahead = Date.parse(noted) - now.getTime()
  return ahead <= 0 || ahead > mostMs
}
