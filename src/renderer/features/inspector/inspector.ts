import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError } from '../../../client/client.ts'
import type { Asn1Part } from '../../../contract/inspect/asn1.ts'
import type { CleanFiles } from '../../../contract/inspect/clean-files.ts'
import type { RemoteReport } from '../../../contract/inspect/remote.ts'
import { refuseTooLarge } from '../../ui/forms/transferred-files.ts'
import { type InspectCalls, createAnswers } from './calls.ts'
import { cleanChain, few, GivenFiles, type Compared } from './given-files.ts'
import {
  afterReading,
  blank,
  isCertificate,
  refusal,
  subjectOf,
  type InspectorState,
  type Question,
} from './inspector-state.ts'

/** ASN.1 depth limits: above that of any certificate; for a CRL of thousands of entries, its frame only. */
const wholeDepth = 24
const frameDepth = 2

export type ReportFormat = 'html' | 'json' | 'sarif'

export interface Inspector {
  readonly store: StoreApi<InspectorState>
  /** Reads `files` together with the earlier ones. */
  give(files: File[]): Promise<void>
  unlock(passphrase: string): Promise<void>
  /** Cancels a running `unlock`; the files stay locked. */
  cancelUnlock(): void
  select(pieceId: string | null): void
  /**
   * Verifies the selected piece. Omitted fields of `question` keep their values. The passphrase opens a
   * locked archive, for this call only.
   */
  ask(question: Partial<Question>, passphrase?: string): Promise<void>
  /** Makes the certificates of `files` the only trust anchors; if empty, the default roots apply. */
  trust(files: File[]): Promise<void>
  askLint(): Promise<void>
  askTimeline(): Promise<void>
  askPreflight(): Promise<void>
  /** ASN.1 of a certificate, CSR or CRL; the passphrase opens a locked archive. */
  structure(pieceId: string, passphrase?: string): Promise<Asn1Part>
  cleanFiles(): Promise<CleanFiles>
  /**
   * Sets one side of the comparison to a piece of the report or to the first leaf of `files`. The default of
   * each side is the selected piece.
   */
  compareWith(other: Compared, side?: 'before' | 'after'): Promise<void>
  /** Connects to a server and compares its certificate with the selected one, if any. */
  askServer(server: { host: string; port: number; serverName: string }): Promise<RemoteReport>
  /** All findings as one document. */
  report(format: ReportFormat): Promise<{ fileName: string; mediaType: string; text: string }>
  /** Handles of the files that were read. */
  files(): readonly File[]
  /** Discards files and findings. */
  clear(): void
}

/** Inspector over `calls`. The engine keeps no state between calls. */
export function createInspector(calls: InspectCalls): Inspector {
  const store = createStore<InspectorState>(() => blank)
  const files = new GivenFiles(store)
  const answers = createAnswers(store)
  const reading = createReading(calls, { store, files, judge, lint })
  // Sides of the current comparison; cleared with it.
  let sides: { before?: Compared; after?: Compared } = {}

  function judge(passphrase?: string): Promise<void> {
    const { diagnosis, question: wanted } = store.getState()
    const about = subjectOf(store.getState())
    const question = { ...files.question(about), ...rulesOf(wanted), ...secret(passphrase) }
    // Without the passphrase the files are locked again: keep the diagnosis and renew only its verification.
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
      // Always starts today, unlike the other answers, which use the chosen date.
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

/** Reads the files, where only the latest call counts, and judges their content. */
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
      // In a large folder the lint runs on demand, unless it needs the passphrase that is present only now.
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

/** Verification rules that differ from the defaults. */
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
