import type { IntakeReport, Piece } from '../../../contract/certificate-facts.ts'
import type { Comparison } from '../../../contract/comparison.ts'
import type { Diagnosed } from '../../../contract/diagnosis.ts'
import type { EdgekeepError } from '../../../contract/errors.ts'
import type { LintReport } from '../../../contract/lint.ts'
import type { PolicyInputs } from '../../../contract/inspect-procedures.ts'
import type { Preflight } from '../../../contract/preflight.ts'
import type { Timeline } from '../../../contract/timeline.ts'

/** What a certificate is verified against. */
export interface Question {
  /** Null: no name is asked about. */
  host: string | null
  /** Null: now. */
  at: string | null
  /** What it is used for. */
  purpose: Purpose
  profile: Profile
  /** Which certificate policies are asked for (RFC 5280, section 6.1.1). */
  policies: PolicyInputs
}
export const profiles = ['rfc5280', 'web'] as const
export type Profile = (typeof profiles)[number]
export const purposes = ['server', 'client', 'any'] as const
export type Purpose = (typeof purposes)[number]

/** What was asked of the engine and came back; `result` stays while it is asked again. */
export interface Answered<T> {
  busy: boolean
  result: T | null
  problem: EdgekeepError | null
}

/** Of one certificate piece, by id; null for the first leaf. */
type About = { about: string | null }

/** Only facts; the files themselves are held apart from it, as handles, and a passphrase by nobody. */
export interface InspectorState {
  report: IntakeReport | null
  busy: 'reading' | 'unlocking' | null
  problem: EdgekeepError | null
  /** The piece shown, by id; null shows the summary. */
  selected: string | null
  unlockProblem: string | null
  question: Question
  /** Names of files whose certificates alone are trusted; empty: the usual roots. */
  anchors: readonly string[]
  diagnosis: Answered<Diagnosed> & About
  lint: Answered<LintReport>
  preflight: Answered<Preflight[]> & About
  timeline: Answered<Timeline> & About
  comparison: Answered<Comparison> & About
}

const nothing = { busy: false, result: null, problem: null }
/** The state before any file is added. */
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

/** The answers of `InspectorState`, by name. */
export type AnswerName = 'diagnosis' | 'lint' | 'preflight' | 'timeline' | 'comparison'

/** What a reading's answer changes. `unlocked`: a passphrase was given with it. */
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

/** The state change after a reading failed. */
export function refusal(error: EdgekeepError): Partial<InspectorState> {
  return error.code === 'key.wrong_passphrase'
    ? { busy: null, unlockProblem: error.message }
    : { busy: null, problem: error }
}

export function isCertificate(piece: Piece): boolean {
  return piece.certificate !== undefined
}

/** The certificate that judgements are about while `selected` is shown: that one, or null for the first leaf. */
export function subjectOf({ report, selected }: InspectorState): string | null {
  const piece = report?.pieces.find(({ id }) => id === selected)
  return piece && isCertificate(piece) ? piece.id : null
}
