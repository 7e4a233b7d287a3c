import type { Domain } from '../contract/domains/domains.ts'
import { isValidNow } from './validity.ts'

/**
 * `works` is the green mark: HTTPS is on, the last verification held, nothing was changed after it, and the
 * certificate is valid now and not revoked. A change of the domain or of the edge's ports makes any verification
 * `changed`, whatever its result. `down` comes before all of them: the edge has no key for it now. The `expiry` of
 * a domain's certificate is that of the time when the engine reported it, and so no part of the rule.
 */
export type VerificationState = 'never' | 'works' | 'failed' | 'changed' | 'down'

export function verificationState(
  { lastCheck, updatedAt, https }: Pick<Domain, 'lastCheck' | 'updatedAt' | 'https'>,
  now: Date,
): VerificationState {
  if (https.outage !== null) return 'down'
  if (!lastCheck) return 'never'
  if (lastCheck.at < updatedAt || lastCheck.portsChanged) return 'changed'
  if (!lastCheck.ok) return 'failed'
  const { certificate, state } = https
  const isGood = certificate !== null && !certificate.revoked && isValidNow(certificate, now)
  return state === 'on' && isGood ? 'works' : 'changed'
}
