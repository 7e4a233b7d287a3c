import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError } from '../../../client/client.ts'
import type { Asn1Part } from '../../../contract/inspect/asn1.ts'
import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import type { CleanFiles } from '../../../contract/inspect/clean-files.ts'
import type { RemoteReport } from '../../../contract/inspect/remote.ts'
import { refuseTooLarge } from '../../ui/forms/transferred-files.ts'
import { createAnswers } from './answers.ts'
import { type Compared, GivenFiles } from './given-files.ts'
import { few, type InspectCalls } from './inspection-session.ts'
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
   * locked archive first.
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

/** Inspector over `calls`. The engine has the files open as sessions; the window keeps their handles. */
export function createInspector(calls: InspectCalls): Inspector {
  const store = createStore<InspectorState>(() => blank)
  const files = new GivenFiles(calls, store)
  const answers = createAnswers(store)
  const reading = createReading(store, files, () => Promise.all([judge(), lintIfFew()]))
  // Sides of the current comparison; cleared with it.
  let sides: { before?: Compared; after?: Compared } = {}

  function judge(): Promise<void> {
    const about = subjectOf(store.getState())
    const rules = rulesOf(store.getState().question)
    return answers.ask('diagnosis', about, () =>
      files.ask(about, (asked) => calls.diagnose({ ...asked, ...rules })),
    )
  }

  function lint(): Promise<void> {
    return answers.ask('lint', null, () => files.session.ask((sessionId) => calls.lint({ sessionId })))
  }

  /** In a large folder the lint runs on demand. */
  async function lintIfFew(): Promise<void> {
    const hasCertificate = store.getState().report?.pieces.some(isCertificate)
    if (hasCertificate && files.session.files.length <= few) await lint()
  }

  function depthFor(pieceId: string): number {
    const piece = store.getState().report?.pieces.find(({ id }) => id === pieceId)
    return piece?.kind === 'revocation-list' ? frameDepth : wholeDepth
  }

  return {
    store,
    give: (more) => (more.length === 0 ? Promise.resolve() : reading.give(more)),
    unlock: reading.unlock,
    cancelUnlock: reading.cancel,
    select: (selected) => store.setState({ selected }),
    async ask(question, passphrase) {
      const about = { ...store.getState().question, ...question }
      store.setState({ question: about, preflight: blank.preflight, timeline: blank.timeline })
      // A wrong one shows as the missing certificate again.
      if (passphrase !== undefined) await files.session.unlock(passphrase).catch(() => undefined)
      return judge()
    },
    trust(given) {
      files.trust(given)
      const anchors = given.map(({ name }) => name)
      store.setState({ anchors, preflight: blank.preflight, timeline: blank.timeline })
      return judge()
    },
    askLint: lint,
    askTimeline() {
      const about = subjectOf(store.getState())
      // Always starts today, unlike the other answers, which use the chosen date.
      return answers.ask('timeline', about, () =>
        files.ask(about, ({ at: _at, ...asked }) => calls.timeline(asked)),
      )
    },
    askPreflight() {
      const about = subjectOf(store.getState())
      return answers.ask('preflight', about, () => files.ask(about, (asked) => calls.preflight(asked)))
    },
    async structure(pieceId, passphrase) {
      if (passphrase !== undefined) await files.session.unlock(passphrase)
      return files.session.ask((sessionId) => calls.asn1({ sessionId, pieceId, depth: depthFor(pieceId) }))
    },
    cleanFiles: () => files.askSide(undefined, (asked) => calls.clean(asked)),
    compareWith(other, side = 'after') {
      const about = subjectOf(store.getState())
      const { comparison } = store.getState()
      if (comparison === blank.comparison || comparison.about !== about) sides = {}
      sides = { ...sides, [side]: other }
      const { before, after } = sides
      return answers.ask('comparison', about, () =>
        files.askSide(before, (old) =>
          files.askSide(after, (renewed) => calls.compare({ before: old, after: renewed })),
        ),
      )
    },
    askServer({ serverName, ...server }) {
      const isKnown = store.getState().report?.pieces.some(isCertificate) ?? false
      const named = { ...server, ...(serverName === '' ? {} : { serverName }) }
      if (!isKnown) return calls.remote(named)
      return files.askSide(undefined, (compareWith) => calls.remote({ ...named, compareWith }))
    },
    report: (format) => files.ask(null, (asked) => calls.report({ ...asked, format })),
    files: () => files.session.files,
    clear() {
      reading.drop()
      answers.drop()
      files.clear()
      store.setState(blank, true)
    },
  }
}

/** Reads and unlocks the files, where only the latest call counts, and has their content judged. */
function createReading(store: StoreApi<InspectorState>, files: GivenFiles, judge: () => Promise<unknown>) {
  let readings = 0
  let opening = new AbortController()

  async function read(busy: 'reading' | 'unlocking', act: () => Promise<IntakeReport>): Promise<void> {
    const mine = ++readings
    store.setState({ busy, problem: null, unlockProblem: null })
    opening = new AbortController()
    const { signal } = opening
    try {
      const report = await act()
      if (mine !== readings) return
      store.setState(afterReading(store.getState(), report, busy === 'unlocking'))
      store.setState({ lint: blank.lint })
      await judge()
    } catch (error) {
      if (mine !== readings) return
      store.setState(signal.aborted ? { busy: null } : refusal(asEdgekeepError(error)))
    }
  }

  return {
    give: (more: File[]) =>
      read('reading', async () => {
        refuseTooLarge([...files.session.files, ...more])
        return files.session.add(more)
      }),
    unlock: (passphrase: string) => read('unlocking', () => files.session.unlock(passphrase, opening.signal)),
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
