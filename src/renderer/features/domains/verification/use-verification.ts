import type { Domain } from '../../../../contract/domains.ts'
import { verificationState, type VerificationState } from '../../../../contract/rules/verification-state.ts'
import { useConnection } from '../../../engine/engine-context.tsx'

/** How the last verification stands; `unknown` where it held and the window has nobody to ask any more. */
export function useVerification(domain: Domain): VerificationState | 'unknown' {
  const ended = useConnection() === 'ended'
  const state = verificationState(domain)
  return ended && state === 'works' ? 'unknown' : state
}
