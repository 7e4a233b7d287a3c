import type { IntakeReport, Piece, Verification } from '../../../contract/certificate-facts.ts'
import type { EdgekeepError } from '../../../contract/errors.ts'

/** What a certificate is held against: `host` null asks about no name, `at` null means now. */
export interface Question {
  host: string | null
  at: string | null
}

/** Only facts; the files themselves are held apart from it, as handles, and a passphrase by nobody. */
export interface InspectorState {
  report: IntakeReport | null
  busy: 'reading' | 'unlocking' | null
  problem: EdgekeepError | null
  /** The piece shown, by id; null shows the summary. */
  selected: string | null
  unlockProblem: string | null
  verification: {
    question: Question
    /** The certificate piece that was judged, by id; null for the first leaf. */
    about: string | null
    busy: boolean
    result: Verification | null
    problem: EdgekeepError | null
  }
}

/** Nothing was asked yet. */
const nothingAsked: InspectorState['verification'] = {
  question: { host: null, at: null },
  about: null,
  busy: false,
  result: null,
  problem: null,
}
/** Before anything was given. */
export const blank: InspectorState = {
  report: null,
  busy: null,
  problem: null,
  selected: null,
  unlockProblem: null,
  verification: nothingAsked,
}

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
  }
}

/** What a refused reading changes. */
export function refusal(error: EdgekeepError): Partial<InspectorState> {
  return error.code === 'key.wrong_passphrase'
    ? { busy: null, unlockProblem: error.message }
    : { busy: null, problem: error }
}

export function isCertificate(piece: Piece): boolean {
  return piece.certificate !== undefined
}
