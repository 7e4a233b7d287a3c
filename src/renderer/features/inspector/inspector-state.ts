import type { IntakeReport, Piece } from '../../../contract/inspect/certificate-facts.ts'
import type { Comparison } from '../../../contract/inspect/comparison.ts'
import type { Diagnosed } from '../../../contract/inspect/diagnosis.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { LintReport } from '../../../contract/inspect/lint.ts'
import type { PolicyInputs } from '../../../contract/inspect/procedures.ts'
import type { Preflight } from '../../../contract/inspect/preflight.ts'
import type { Timeline } from '../../../contract/inspect/timeline.ts'

/** Parameters of the verification. */
export interface Question {
  /** Null: the name is not checked. */
  host: string | null
  /** Null: now. */
  at: string | null
  /** Extended key usage. */
  purpose: Purpose
  profile: Profile
  /** Certificate policies (RFC 5280, section 6.1.1). */
  policies: PolicyInputs
}
export const profiles = ['rfc5280', 'web'] as const
export type Profile = (typeof profiles)[number]
export const purposes = ['server', 'client', 'any'] as const
export type Purpose = (typeof purposes)[number]

/** Answer of an engine call; `result` stays during a repeat. */
export interface Answered<T> {
  busy: boolean
  result: T | null
  problem: EdgekeepError | null
}

/** Id of the certificate piece; null for the first leaf. */
type About = { about: string | null }

/** Facts only. The files are kept elsewhere, as handles, and passphrases nowhere. */
export interface InspectorState {
  report: IntakeReport | null
  busy: 'reading' | 'unlocking' | null
  problem: EdgekeepError | null
  /** Id of the shown piece; null shows the summary. */
  selected: string | null
  unlockProblem: string | null
  question: Question
  /** Names of files whose certificates are the only trust anchors; empty for the default roots. */
  anchors: readonly string[]
  diagnosis: Answered<Diagnosed> & About
  lint: Answered<LintReport>
  preflight: Answered<Preflight[]> & About
  timeline: Answered<Timeline> & About
  comparison: Answered<Comparison> & About
}

const nothing = { busy: false, result: null, problem: null }
export const blank: InspectorState = {
  report: null,
  busy: null,
  problem: null,
  selected: null,
  unlockProblem: null,
  question: { host: null, at: null, purpose: 'server', profile: 'rfc5280', policies: {} },
  anchors: [],
  diagnosis: { ...nothing, about: null },
  lint: nothing,
  preflight: { ...nothing, about: null },
  timeline: { ...nothing, about: null },
  comparison: { ...nothing, about: null },
}

export type AnswerName = 'diagnosis' | 'lint' | 'preflight' | 'timeline' | 'comparison'

/** State change after files were read. `unlocked`: a passphrase was given. */
export function afterReading(
  before: InspectorState,
  report: IntakeReport,
  unlocked: boolean,
): Partial<InspectorState> {
  const wrong = report.problems.find((problem) => problem.code === 'key.wrong_passphrase')
  const stillThere = report.pieces.some((piece) => piece.id === before.selected)
  return {
    report,
    busy: null,
    selected: stillThere ? before.selected : null,
    unlockProblem: unlocked && wrong ? wrong.message : null,
    preflight: blank.preflight,
    timeline: blank.timeline,
    comparison: blank.comparison,
  }
}

export function refusal(error: EdgekeepError): Partial<InspectorState> {
  return error.code === 'key.wrong_passphrase'
    ? { busy: null, unlockProblem: error.message }
    : { busy: null, problem: error }
}

export function isCertificate(piece: Piece): boolean {
  return piece.certificate !== undefined
}

/** Id of the certificate that the verdicts concern: the selected piece, or null for the first leaf. */
export function subjectOf({ report, selected }: InspectorState): string | null {
  const piece = report?.pieces.find(({ id }) => id === selected)
  return piece && isCertificate(piece) ? piece.id : null
}
