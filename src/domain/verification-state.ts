import type { Domain } from '../contract/domains.ts'

/**
 * `works` is the green mark: HTTPS is on, the last verification succeeded, nothing was changed after it, and
 * the certificate is valid now and not revoked. A change makes any verification `changed`, whatever its
 * result. `down` takes precedence: the edge has no key now.
 */
export type VerificationState = 'never' | 'works' | 'failed' | 'changed' | 'down'

export function verificationState({
  lastCheck,
  updatedAt,
  https,
}: Pick<Domain, 'lastCheck' | 'updatedAt' | 'https'>): VerificationState {
  if (https.outage !== null) return 'down'
  if (!lastCheck) return 'never'
  if (lastCheck.at < updatedAt) return 'changed'
  if (!lastCheck.ok) return 'failed'
  const { expiry, revoked } = https.certificate ?? {}
  const isSpent = expiry === 'expired' || expiry === 'not-yet-valid' || revoked === true
  return https.state === 'on' && !isSpent ? 'works' : 'changed'
}
