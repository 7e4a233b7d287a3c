import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import type { IntakeReport, Piece, Verification } from '../../../contract/certificate-facts.ts'
import type { EdgekeepError } from '../../../contract/errors.ts'
import { refuseTooLarge } from '../../ui/staging/file-size.ts'

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

/** The calls an inspector makes; `client.inspect` is one. */
export type InspectCalls = Pick<Client['inspect'], 'read' | 'verify'>

export interface Inspector {
  readonly store: StoreApi<InspectorState>
  /** Reads `files` together with those given before. */
  give(files: File[]): Promise<void>
  unlock(passphrase: string): Promise<void>
  select(pieceId: string | null): void
  verify(question: Question): Promise<void>
  /** The files that were read, as handles. */
  files(): readonly File[]
  /** Forgets files and findings. */
  clear(): void
}

const nothingAsked: InspectorState['verification'] = {
  question: { host: null, at: null },
  about: null,
  busy: false,
  result: null,
  problem: null,
}
const blank: InspectorState = {
  report: null,
  busy: null,
  problem: null,
  selected: null,
  unlockProblem: null,
  verification: nothingAsked,
}

/** An inspector over `calls`. The engine reads each time anew and keeps nothing. */
export function createInspector(calls: InspectCalls): Inspector {
  const store = createStore<InspectorState>(() => blank)
  let files: File[] = []
  // What answers after a later act no longer concerns anybody.
  let readings = 0
  let verifications = 0

  async function read(busy: 'reading' | 'unlocking', all: File[], passphrase?: string): Promise<void> {
    const mine = ++readings
    store.setState({ busy, problem: null, unlockProblem: null })
    try {
      refuseTooLarge(all)
      const report = await calls.read({ files: all, ...(passphrase === undefined ? {} : { passphrase }) })
      if (mine !== readings) return
      files = all
      store.setState(afterReading(store.getState(), report, busy === 'unlocking'))
      if (report.pieces.some(isCertificate)) await verify(store.getState().verification.question)
    } catch (error) {
      if (mine === readings) store.setState(refusal(asEdgekeepError(error)))
    }
  }

  async function verify(question: Question): Promise<void> {
    const mine = ++verifications
    const about = store.getState().selected
    const set = (patch: Partial<InspectorState['verification']>) => {
      if (mine !== verifications) return
      store.setState(({ verification }) => ({ verification: { ...verification, ...patch } }))
    }
    set({ question, about, busy: true, problem: null })
    try {
      const leafSha256 = fingerprintOf(about)
      const result = await calls.verify({
        files,
        ...(leafSha256 === undefined ? {} : { leafSha256 }),
        ...(question.host === null ? {} : { host: question.host }),
        ...(question.at === null ? {} : { at: question.at }),
      })
      set({ busy: false, result })
    } catch (error) {
      set({ busy: false, result: null, problem: asEdgekeepError(error) })
    }
  }

  function fingerprintOf(pieceId: string | null): string | undefined {
    const piece = store.getState().report?.pieces.find((each) => each.id === pieceId)
    return piece?.certificate?.fingerprintSha256
  }

  return {
    store,
    give(more) {
      if (more.length === 0) return Promise.resolve()
      return read('reading', withoutRepeats([...files, ...more]))
    },
    unlock: (passphrase) => read('unlocking', files, passphrase),
    select: (selected) => store.setState({ selected }),
    verify,
    files: () => files,
    clear() {
      readings += 1
      verifications += 1
      files = []
      store.setState(blank, true)
    },
  }
}

function afterReading(
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

function refusal(error: EdgekeepError): Partial<InspectorState> {
  return error.code === 'key.wrong_passphrase'
    ? { busy: null, unlockProblem: error.message }
    : { busy: null, problem: error }
}

function isCertificate(piece: Piece): boolean {
  return piece.certificate !== undefined
}

/** The same file given twice is read once. */
function withoutRepeats(files: File[]): File[] {
  const identity = (file: File) => `${file.name}\n${file.size}\n${file.lastModified}`
  return [...new Map(files.map((file) => [identity(file), file])).values()]
}

const inspectors = new WeakMap<Client, Inspector>()

/** The one inspector of `client`'s window: what was dropped stays while other pages are looked at. */
export function inspectorOf(client: Client): Inspector {
  const known = inspectors.get(client)
  if (known) return known
  const inspector = createInspector(client.inspect)
  inspectors.set(client, inspector)
  return inspector
}
