import type { CertificateRenewal, RenewalMethod, RenewalState } from '../../contract/issuing/renewal.ts'
import { isValidNow, validityAt } from '../../domain/validity.ts'
import { earliestAgain, isFromFuture, mayTryAgain, renewalMoment } from './renewal-times.ts'
import type { CertificateListing, RenewalRow } from '../vault/vault.ts'

export function newRenewalState(): RenewalState {
  return { window: null, attempts: 0, notBefore: null, lastAttempt: null, held: null }
}

const dayMs = 86_400_000

/** A method that renews a certificate or reminds of it. */
export type ActiveMethod = Exclude<RenewalMethod, { by: 'off' }>

/**
 * The renewal setting of a certificate. By default, the local authority renews its own certificates of the
 * kind for domains; undefined for others, and where renewal is turned off.
 */
export function renewalOf(
  row: CertificateListing,
  stored: RenewalRow | undefined,
): { method: ActiveMethod; accountId: string | null; state: RenewalState } | undefined {
  if (stored?.method.by === 'off') return undefined
  if (stored && (stored.method.by !== 'acme' || stored.accountId !== null))
    return { ...stored, method: stored.method }
  if (row.kind !== 'free' || stored) return undefined
  return { method: { by: 'local' }, accountId: null, state: newRenewalState() }
}

/** Time of the renewal or reminder. A local certificate that is not valid now is due at once. */
export function plannedAt(
  row: Pick<CertificateListing, 'id' | 'notBefore' | 'notAfter'>,
  { method, state }: { method: ActiveMethod; state: RenewalState },
  now: Date,
): Date {
  if (method.by === 'local' && validityAt(row, now) === 'not-yet-valid') return now
  if (method.by === 'reminder') return new Date(Date.parse(row.notAfter) - method.days * dayMs)
  const moment = renewalMoment(row.id, row, state.window)
  const { lastAttempt, window } = state
  if (method.by !== 'acme' || !lastAttempt?.ok || isFromFuture(lastAttempt, now)) return moment
  return new Date(Math.max(moment.getTime(), earliestAgain(lastAttempt.at, row, window).getTime()))
}

/**
 * Whether to renew now: not during a backoff or while a decision is pending. A local certificate that is not
 * valid now needs no decision, since any other is better.
 */
export function isDue(
  row: CertificateListing,
  renewal: { method: ActiveMethod; state: RenewalState },
  now: Date,
): boolean {
  const { method, state } = renewal
  if (method.by === 'reminder') return false
  if (state.held && !isUnfitLocal(row, renewal, now)) return false
  return plannedAt(row, renewal, now) <= now && mayTryAgain(state, now)
}

/** True for a local certificate that is not valid now, which is no standard for its replacement. */
export function isUnfitLocal(
  row: Pick<CertificateListing, 'notBefore' | 'notAfter'>,
  { method }: { method: ActiveMethod },
  now: Date,
): boolean {
  return method.by === 'local' && !isValidNow(row, now)
}

export function renewalView(
  row: CertificateListing,
  stored: RenewalRow | undefined,
  { now, locked, accountName }: { now: Date; locked: boolean; accountName: (id: string) => string | null },
): CertificateRenewal | null {
  const renewal = renewalOf(row, stored)
  if (!renewal) return null
  const { method, state, accountId } = renewal
  const planned = plannedAt(row, renewal, now)
  // A failure from the future was one under a clock that was ahead.
  const hasFailed = state.attempts > 0 && !isFromFuture(state.lastAttempt, now)
  const failed = hasFailed ? state.lastAttempt : null
  return {
    by: method.by,
    account: accountId === null ? null : accountName(accountId),
    at: planned.toISOString(),
    attempts: hasFailed ? state.attempts : 0,
    failure: failed && {
      at: failed.at,
      code: failed.code ?? 'engine.failed',
      message: failed.summary,
      nextAt: state.notBefore ?? planned.toISOString(),
    },
    held: state.held,
    waitsForVault: locked && method.by !== 'reminder' && planned <= now,
  }
}
