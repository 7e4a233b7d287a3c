import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError } from '../../../client/client.ts'
import type { Asn1Part } from '../../../contract/asn1.ts'
import type { CleanFiles } from '../../../contract/clean-files.ts'
import type { RemoteReport } from '../../../contract/remote.ts'
import { refuseTooLarge } from '../../ui/staging/file-size.ts'
import type { InspectCalls } from './calls.ts'
import { cleanChain } from './files-of-report.ts'
import { createAnswers } from './answers.ts'
import { few, GivenFiles, type Compared } from './given-files.ts'
import {
  afterReading,
  blank,
  isCertificate,
  refusal,
  subjectOf,
  type InspectorState,
  type Question,
} from './inspector-state.ts'

/** Deeper than certificates go; of a revocation list, which can have thousands of entries, only the frame. */
const wholeDepth = 24
const frameDepth = 2

export type { Compared } from './given-files.ts'

export type ReportFormat = 'html' | 'json' | 'sarif'

export interface Inspector {
  readonly store: StoreApi<InspectorState>
  /** Reads `files` together with those given before. */
  give(files: File[]): Promise<void>
  unlock(passphrase: string): Promise<void>
  /** Ends what `unlock` began: the files stay as they were. */
  cancelUnlock(): void
  select(pieceId: string | null): void
  /** Judges what is selected; what `question` leaves out stays. The passphrase is for certificates in a locked archive; it serves this once. */
  ask(question: Partial<Question>, passphrase?: string): Promise<void>
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
  const files = new GivenFiles(store)
  const answers = createAnswers(store)
  const reading = createReading(calls, { store, files, judge, lint })
  // Of what `comparison` is about; forgotten with it.
  let sides: { before?: Compared; after?: Compared } = {}

  function judge(passphrase?: string): Promise<void> {
    const { diagnosis, question: wanted } = store.getState()
    const about = subjectOf(store.getState())
    const question = { ...files.question(about), ...rulesOf(wanted), ...secret(passphrase) }
    // The files alone are locked again: what was said of them stays, and only the verdicts are asked anew.
    const known = passphrase === undefined && files.opened.length > 0 ? diagnosis.result : null
    return answers.ask('diagnosis', about, async () =>
      known
        ? { ...known, verification: await calls.verify({ ...question, files: files.aboutSubject() }) }
        : calls.diagnose({ files: about === null ? files.all : files.of(about), ...question }),
    )
  }

  function lint(passphrase?: string): Promise<void> {
    return answers.ask('lint', null, () => calls.lint({ files: files.withOpened(), ...secret(passphrase) }))
  }

  function depthFor(pieceId: string): number {
    const piece = store.getState().report?.pieces.find(({ id }) => id === pieceId)
    return piece?.kind === 'revocation-list' ? frameDepth : wholeDepth
  }

  /** The files and the leaf of what is selected. */
  const subject = () => ({ files: files.aboutSubject(), ...files.leaf(subjectOf(store.getState())) })

  return {
    store,
    give: (more) => (more.length === 0 ? Promise.resolve() : reading.read('reading', files.with(more))),
    unlock: (passphrase) => reading.read('unlocking', files.all, passphrase),
    cancelUnlock: reading.cancel,
    select: (selected) => store.setState({ selected }),
    ask(question, passphrase) {
      const { question: before } = store.getState()
      const about = { ...before, ...question }
      store.setState({ question: about, preflight: blank.preflight, timeline: blank.timeline })
      return judge(passphrase)
    },
    trust(given) {
      files.anchors = given
      const anchors = given.map(({ name }) => name)
      store.setState({ anchors, preflight: blank.preflight, timeline: blank.timeline })
      return judge()
    },
    askLint: () => lint(),
    askTimeline() {
      const about = subjectOf(store.getState())
      // It begins today, whatever date the other answers are about.
      const { at: _at, ...question } = files.question(about) as { at?: string; host?: string }
      return answers.ask('timeline', about, () =>
        calls.timeline({ files: files.aboutSubject(), ...question }),
      )
    },
    askPreflight() {
      const about = subjectOf(store.getState())
      return answers.ask('preflight', about, () =>
        calls.preflight({ files: files.aboutSubject(), ...files.question(about) }),
      )
    },
    structure: (pieceId, passphrase) =>
      calls.asn1({ files: files.all, pieceId, depth: depthFor(pieceId), ...secret(passphrase) }),
    cleanFiles: () => calls.clean(subject()),
    compareWith(other, side = 'after') {
      const about = subjectOf(store.getState())
      const { comparison } = store.getState()
      if (comparison === blank.comparison || comparison.about !== about) sides = {}
      sides = { ...sides, [side]: other }
      const { before, after } = sides
      return answers.ask('comparison', about, () =>
        calls.compare({ before: files.side(before, about), after: files.side(after, about) }),
      )
    },
    askServer({ serverName, ...server }) {
      const isKnown = store.getState().report?.pieces.some(isCertificate) ?? false
      const name = serverName === '' ? {} : { serverName }
      return calls.remote({ ...server, ...name, ...(isKnown ? { compareWith: subject() } : {}) })
    },
    report(format) {
      const { leafSha256: _one, ...question } = files.question(null)
      return calls.report({ files: files.withOpened(), format, ...question })
    },
    files: () => files.all,
    clear() {
      reading.drop()
      answers.drop()
      files.forget()
      store.setState(blank, true)
    },
  }
}

interface ReadingParts {
  store: StoreApi<InspectorState>
  files: GivenFiles
  judge: (passphrase?: string) => Promise<void>
  lint: (passphrase?: string) => Promise<void>
}

/** Reading what was given, the latest of it only, and judging what is in it. */
function createReading(calls: InspectCalls, { store, files, judge, lint }: ReadingParts) {
  let readings = 0
  let opening = new AbortController()

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
      files.all = all
      const chain = passphrase === undefined ? null : cleanChain(report)
      files.opened = chain === null ? [] : [new File([chain], 'chain.pem')]
      store.setState(afterReading(store.getState(), report, busy === 'unlocking'))
      store.setState({ lint: blank.lint })
      // Of a folder of hundreds the lint waits until somebody looks at it, unless it would need the passphrase again.
      const lints = report.pieces.some(isCertificate) && (all.length <= few || passphrase !== undefined)
      await Promise.all([judge(passphrase), lints ? lint(passphrase) : Promise.resolve()])
    } catch (error) {
      if (mine !== readings) return
      store.setState(opening.signal.aborted ? { busy: null } : refusal(asEdgekeepError(error)))
    }
  }

  return {
    read,
    cancel: () => opening.abort(),
    drop() {
      readings += 1
    },
  }
}

/** By which rules, where they are not the usual ones. */
function rulesOf({ purpose, profile, policies }: Question) {
  return {
    ...(purpose === 'server' ? {} : { purpose }),
    ...(profile === 'rfc5280' ? {} : { profile }),
    ...(Object.keys(policies).length > 0 ? { policies } : {}),
  }
}

function secret(passphrase: string | undefined): { passphrase?: string } {
  return passphrase === undefined ? {} : { passphrase }
}
