import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError } from '../../../client/client.ts'
import type { Asn1Part } from '../../../contract/asn1.ts'
import type { CleanFiles } from '../../../contract/clean-files.ts'
import type { RemoteReport } from '../../../contract/remote.ts'
import { refuseTooLarge } from '../../ui/staging/file-size.ts'
import type { InspectCalls } from './calls.ts'
import { cleanChain } from './clean-files.ts'
import { filesAbout } from './files-about.ts'
import {
  afterReading,
  blank,
  isCertificate,
  refusal,
  subjectOf,
  type AnswerName,
  type InspectorState,
  type Question,
} from './inspector-state.ts'

/** Up to this many files are sent with every question. */
const FEW = 30

/** Deeper than certificates go; of a revocation list, which can have thousands of entries, only the frame. */
const WHOLE_DEPTH = 24
const FRAME_DEPTH = 2

/** A side of a comparison. */
export type Compared = { pieceId: string } | { files: File[] }

export type ReportFormat = 'html' | 'json' | 'sarif'

export interface Inspector {
  readonly store: StoreApi<InspectorState>
  /** Reads `files` together with those given before. */
  give(files: File[]): Promise<void>
  unlock(passphrase: string): Promise<void>
  /** Ends what `unlock` began: the files stay as they were. */
  cancelUnlock(): void
  select(pieceId: string | null): void
  /** Judges what is selected. The passphrase is for certificates in a locked archive; it serves this once. */
  ask(question: Question, passphrase?: string): Promise<void>
  /** Trusts only the certificates of `files`; none: the usual roots. */
  trust(files: File[]): Promise<void>
  askLint(): Promise<void>
  askTimeline(): Promise<void>
  askPreflight(): Promise<void>
  /** The ASN.1 of a certificate, request or list; the passphrase is for one in a locked archive. */
  structure(pieceId: string, passphrase?: string): Promise<Asn1Part>
  /** The servable certificates as clean files. */
  cleanFiles(): Promise<CleanFiles>
  /**
   * Puts another certificate on one side: a piece of the report, or the first leaf of `files`. Where nothing
   * was put, what is selected stands.
   */
  compareWith(other: Compared, side?: 'before' | 'after'): Promise<void>
  /** Goes online: what the server serves, compared with what is selected where there is something. */
  askServer(server: { host: string; port: number; serverName: string }): Promise<RemoteReport>
  /** Everything that was found, as one document. */
  report(format: ReportFormat): Promise<{ fileName: string; mediaType: string; text: string }>
  /** The files that were read, as handles. */
  files(): readonly File[]
  /** Forgets files and findings. */
  clear(): void
}

/** An inspector over `calls`. The engine reads each time anew and keeps nothing. */
export function createInspector(calls: InspectCalls): Inspector {
  const store = createStore<InspectorState>(() => blank)
  let files: File[] = []
  let anchors: File[] = []
  // The public part of what a passphrase has opened, so that later questions need it no more.
  let opened: File[] = []
  // Of what `comparison` is about; forgotten with it.
  let sides: { before?: Compared; after?: Compared } = {}
  let readings = 0
  let opening = new AbortController()
  // An answer that arrives after a later question of the same kind is ignored.
  const turns: Record<AnswerName, number> = {
    diagnosis: 0,
    lint: 0,
    preflight: 0,
    timeline: 0,
    comparison: 0,
  }

  async function answer<K extends AnswerName>(
    kind: K,
    about: string | null,
    act: () => Promise<InspectorState[K]['result']>,
  ): Promise<void> {
    const mine = ++turns[kind]
    const set = (patch: Partial<InspectorState[K]>) => {
      if (mine !== turns[kind]) return
      store.setState({ [kind]: { ...store.getState()[kind], ...patch } } as Partial<InspectorState>)
    }
    const before = store.getState()[kind]
    const same = !('about' in before) || before.about === about
    set({ about, busy: true, problem: null, ...(same ? {} : { result: null }) } as unknown as Partial<
      InspectorState[K]
    >)
    try {
      set({ busy: false, result: await act() } as Partial<InspectorState[K]>)
    } catch (error) {
      set({ busy: false, result: null, problem: asEdgekeepError(error) } as Partial<InspectorState[K]>)
    }
  }

  async function read(busy: 'reading' | 'unlocking', all: File[], passphrase?: string): Promise<void> {
    const mine = ++readings
    store.setState({ busy, problem: null, unlockProblem: null })
    try {
      refuseTooLarge(all)
      opening = new AbortController()
      const { signal } = opening
      const cancelled = passphrase === undefined ? [] : [{ signal }]
      const report = await calls.read({ files: all, ...secret(passphrase) }, ...cancelled)
      if (mine !== readings) return
      files = all
      const chain = passphrase === undefined ? null : cleanChain(report)
      opened = chain === null ? [] : [new File([chain], 'chain.pem')]
      store.setState(afterReading(store.getState(), report, busy === 'unlocking'))
      store.setState({ lint: blank.lint })
      // Of a folder of hundreds the lint waits until somebody looks at it, unless it would need the passphrase again.
      const lints = report.pieces.some(isCertificate) && (all.length <= FEW || passphrase !== undefined)
      await Promise.all([judge(passphrase), lints ? lint(passphrase) : Promise.resolve()])
    } catch (error) {
      if (mine !== readings) return
      store.setState(opening.signal.aborted ? { busy: null } : refusal(asEdgekeepError(error)))
    }
  }

  function judge(passphrase?: string): Promise<void> {
    const { diagnosis } = store.getState()
    const about = subjectOf(store.getState())
    const { purpose } = store.getState().question
    const use = purpose === 'server' ? {} : { purpose }
    const question = { ...asked(about), ...use, ...secret(passphrase) }
    // The files alone are locked again: what was said of them stays, and only the verdicts are asked anew.
    const known = passphrase === undefined && opened.length > 0 ? diagnosis.result : null
    return answer('diagnosis', about, async () =>
      known
        ? { ...known, verification: await calls.verify({ ...question, files: asking() }) }
        : calls.diagnose({ files: about === null ? files : filesOf(about), ...question }),
    )
  }

  function lint(passphrase?: string): Promise<void> {
    return answer('lint', null, () => calls.lint({ files: [...files, ...opened], ...secret(passphrase) }))
  }

  function asked(about: string | null) {
    const { question } = store.getState()
    return {
      ...leaf(about),
      ...(anchors.length > 0 ? { anchors } : {}),
      ...(question.host === null ? {} : { host: question.host }),
      ...(question.at === null ? {} : { at: question.at }),
    }
  }

  /** What questions about one certificate are asked with: its files, and the public part of what was opened in them. */
  function asking(): File[] {
    const { report } = store.getState()
    const about = subjectOf(store.getState()) ?? report?.bundles[0]?.leaf
    return [...(about === undefined ? files : filesOf(about)), ...opened]
  }

  function sideOf(side: Compared | undefined, about: string | null): { files: File[]; leafSha256?: string } {
    if (!side) return { files: asking(), ...leaf(about) }
    if ('files' in side) return { files: side.files }
    return { files: [...filesOf(side.pieceId), ...opened], ...leaf(side.pieceId) }
  }

  function filesOf(pieceId: string): File[] {
    const { report } = store.getState()
    return report && files.length > FEW ? filesAbout(files, report, pieceId) : files
  }

  function depthFor(pieceId: string): number {
    const piece = store.getState().report?.pieces.find(({ id }) => id === pieceId)
    return piece?.kind === 'revocation-list' ? FRAME_DEPTH : WHOLE_DEPTH
  }

  function leaf(pieceId: string | null): { leafSha256?: string } {
    const piece = store.getState().report?.pieces.find((each) => each.id === pieceId)
    return piece?.certificate ? { leafSha256: piece.certificate.fingerprintSha256 } : {}
  }

  return {
    store,
    give(more) {
      if (more.length === 0) return Promise.resolve()
      return read('reading', withoutRepeats([...files, ...more]))
    },
    unlock: (passphrase) => read('unlocking', files, passphrase),
    cancelUnlock: () => opening.abort(),
    select: (selected) => store.setState({ selected }),
    ask(question, passphrase) {
      store.setState({ question, preflight: blank.preflight, timeline: blank.timeline })
      return judge(passphrase)
    },
    trust(given) {
      anchors = given
      store.setState({
        anchors: given.map(({ name }) => name),
        preflight: blank.preflight,
        timeline: blank.timeline,
      })
      return judge()
    },
    askLint: () => lint(),
    askTimeline() {
      const about = subjectOf(store.getState())
      // It begins today, whatever date the other answers are about.
      const { at: _at, ...question } = asked(about) as { at?: string; host?: string }
      return answer('timeline', about, () => calls.timeline({ files: asking(), ...question }))
    },
    askPreflight() {
      const about = subjectOf(store.getState())
      return answer('preflight', about, () => calls.preflight({ files: asking(), ...asked(about) }))
    },
    structure: (pieceId, passphrase) =>
      calls.asn1({ files, pieceId, depth: depthFor(pieceId), ...secret(passphrase) }),
    cleanFiles: () => calls.clean({ files: asking(), ...leaf(subjectOf(store.getState())) }),
    compareWith(other, side = 'after') {
      const about = subjectOf(store.getState())
      const { comparison } = store.getState()
      if (comparison === blank.comparison || comparison.about !== about) sides = {}
      sides = { ...sides, [side]: other }
      const { before, after } = sides
      return answer('comparison', about, () =>
        calls.compare({ before: sideOf(before, about), after: sideOf(after, about) }),
      )
    },
    askServer({ serverName, ...server }) {
      const { report } = store.getState()
      const isKnown = report?.pieces.some(isCertificate) ?? false
      return calls.remote({
        ...server,
        ...(serverName === '' ? {} : { serverName }),
        ...(isKnown ? { compareWith: { files: asking(), ...leaf(subjectOf(store.getState())) } } : {}),
      })
    },
    report(format) {
      const { leafSha256: _one, ...question } = asked(null)
      return calls.report({ files: [...files, ...opened], format, ...question })
    },
    files: () => files,
    clear() {
      readings += 1
      for (const kind of Object.keys(turns) as AnswerName[]) turns[kind] += 1
      files = []
      anchors = []
      opened = []
      store.setState(blank, true)
    },
  }
}

function secret(passphrase: string | undefined): { passphrase?: string } {
  return passphrase === undefined ? {} : { passphrase }
}

/** The same file given twice is read once. */
function withoutRepeats(files: File[]): File[] {
  const identity = (file: File) => `${file.name}\n${file.size}\n${file.lastModified}`
  return [...new Map(files.map((file) => [identity(file), file])).values()]
}
