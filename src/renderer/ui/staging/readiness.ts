import type { TFunction } from 'i18next'
import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import type { StagingState } from './staging-session.ts'

/**
 * Tells whether staged files can be stored. `reason` is the engine's message, if any, in place of the panel's
 * text for `why`.
 */
export type Readiness =
  | { ready: true }
  | {
      ready: false
      why: 'empty' | 'busy' | 'duplicate' | 'not-servable' | 'mismatch' | 'name'
      reason?: string
    }

export function readyToImport(state: StagingState): Readiness {
  const general = readyToServe(state)
  if (!general.ready) return general
  if (state.staged?.duplicateOf) return { ready: false, why: 'duplicate' }
  return { ready: true }
}

/** Also requires that the certificate covers the domain of the session. */
export function readyToEnable(state: StagingState): Readiness {
  const general = readyToServe(state)
  if (!general.ready) return general
  const name = state.staged?.verification?.answers.name
  if (name && !name.ok) return { ready: false, why: 'name', reason: name.reason }
  return { ready: true }
}

/** Requires a certificate and its matching key. */
export function readyToServe(state: StagingState): Readiness {
  if (state.busy) return { ready: false, why: 'busy' }
  if (!state.staged) return { ready: false, why: 'empty' }
  const { servable, notServable, problems } = state.staged.report
  if (servable) return { ready: true }
  // The panel shows both fingerprints, so the button needs only a short text.
  if (notServable?.code === 'key.mismatch') return { ready: false, why: 'mismatch' }
  // Unreadable files are listed with their error, which the button must not repeat.
  const refusal = notServable && !isListed(notServable, problems) ? notServable : undefined
  return { ready: false, why: 'not-servable', ...(refusal ? { reason: refusal.message } : {}) }
}

/** True if the report already lists this refusal as a problem. */
export function isListed(
  refusal: NonNullable<IntakeReport['notServable']>,
  problems: IntakeReport['problems'],
): boolean {
  return problems.some(({ message }) => message === refusal.message)
}

/** Reason beside the disabled button; null when ready. */
export function readinessSentence(readiness: Readiness, t: TFunction<'intake'>): string | null {
  if (readiness.ready) return null
  return readiness.reason ?? t(`notReady.${readiness.why}`)
}
