import type { TFunction } from 'i18next'
import type { IntakeReport } from '../../../contract/certificate-facts.ts'
import type { StagingState } from './staging-session.ts'

/**
 * Whether what is staged can be kept. `reason` is a sentence of the engine's where it gave one;
 * otherwise the panel's own words for `why`.
 */
export type Readiness =
  | { ready: true }
  | {
      ready: false
      why: 'empty' | 'busy' | 'duplicate' | 'not-servable' | 'mismatch' | 'name'
      reason?: string
    }

/** Whether `state` may be imported into the vault. */
export function readyToImport(state: StagingState): Readiness {
  const general = readyToServe(state)
  if (!general.ready) return general
  if (state.staged?.duplicateOf) return { ready: false, why: 'duplicate' }
  return { ready: true }
}

/** Whether `state` may be served for the domain its session was opened for: its names must cover it. */
export function readyToEnable(state: StagingState): Readiness {
  const general = readyToServe(state)
  if (!general.ready) return general
  const name = state.staged?.verification?.answers.name
  if (name && !name.ok) return { ready: false, why: 'name', reason: name.reason }
  return { ready: true }
}

/** Certificate and key that fit. */
export function readyToServe(state: StagingState): Readiness {
  if (state.busy) return { ready: false, why: 'busy' }
  if (!state.staged) return { ready: false, why: 'empty' }
  const { servable, notServable, problems } = state.staged.report
  if (servable) return { ready: true }
  // The panel shows both fingerprints; by the button a few words are enough.
  if (notServable?.code === 'key.mismatch') return { ready: false, why: 'mismatch' }
  // What could not be read is listed with the files: by the button its sentence would be there twice.
  const refusal = notServable && !isListed(notServable, problems) ? notServable : undefined
  return { ready: false, why: 'not-servable', ...(refusal ? { reason: refusal.message } : {}) }
}

/** Whether a refusal is one of the problems that the report lists, in its own words. */
export function isListed(
  refusal: NonNullable<IntakeReport['notServable']>,
  problems: IntakeReport['problems'],
): boolean {
  return problems.some(({ message }) => message === refusal.message)
}

/** Why it is not ready as the sentence to stand by the button; null when it is. */
export function readinessSentence(readiness: Readiness, t: TFunction<'intake'>): string | null {
  if (readiness.ready) return null
  return readiness.reason ?? t(`notReady.${readiness.why}`)
}
