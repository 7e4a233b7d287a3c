import type { Domain } from '../../../../contract/domains/domains.ts'
import { verificationState, type VerificationState } from '../../../../domain/verification-state.ts'
import { useEngineAnswers } from '../../../connection/engine-context.tsx'
import { useNow } from '../../../ui/primitives/window-clock.ts'

/** State of the last verification; a success is `unknown` while the engine does not answer. */
export function useVerification(domain: Domain): VerificationState | 'unknown' {
  const answers = useEngineAnswers()
  const state = verificationState(domain, useNow())
  return !answers && state === 'works' ? 'unknown' : state
}
