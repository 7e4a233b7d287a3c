import { createStore, type StoreApi } from 'zustand/vanilla'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import { refuseTooLarge } from '../../ui/staging/file-size.ts'
import {
  afterReading,
  blank,
  isCertificate,
  refusal,
  type InspectorState,
  type Question,
} from './inspector-state.ts'

/** The calls an inspector makes; `client.inspect` is one. */
export type InspectCalls = Pick<Client['inspect'], 'read' | 'verify'>

export interface Inspector {
  readonly store: StoreApi<InspectorState>
  /** Reads `files` together with those given before. */
  give(files: File[]): Promise<void>
  unlock(passphrase: string): Promise<void>
  select(pieceId: string | null): void
  /** The passphrase is for certificates in a locked archive; it serves this once. */
  verify(question: Question, passphrase?: string): Promise<void>
  /** The files that were read, as handles. */
  files(): readonly File[]
  /** Forgets files and findings. */
  clear(): void
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
      if (report.pieces.some(isCertificate)) await verify(store.getState().verification.question, passphrase)
    } catch (error) {
      if (mine === readings) store.setState(refusal(asEdgekeepError(error)))
    }
  }

  async function verify(question: Question, passphrase?: string): Promise<void> {
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
        ...(passphrase === undefined ? {} : { passphrase }),
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

/** The same file given twice is read once. */
function withoutRepeats(files: File[]): File[] {
  const identity = (file: File) => `${file.name}\n${file.size}\n${file.lastModified}`
  return [...new Map(files.map((file) => [identity(file), file])).values()]
}
