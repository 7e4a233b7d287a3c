import type { StoreApi } from 'zustand/vanilla'
import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import { type InspectCalls, InspectionSession } from './inspection-session.ts'
import { subjectOf, type InspectorState } from './inspector-state.ts'

export type Compared = { pieceId: string } | { files: File[] }

interface AboutOne {
  sessionId: string
  leafSha256?: string
}

/** Files of an inspector, open in the engine: those to judge and those to trust. */
export class GivenFiles {
  session: InspectionSession
  /** Null for the default roots. */
  #anchors: InspectionSession | null = null
  readonly #calls: InspectCalls
  readonly #store: StoreApi<InspectorState>

  constructor(calls: InspectCalls, store: StoreApi<InspectorState>) {
    this.#calls = calls
    this.#store = store
    this.session = new InspectionSession(calls)
  }

  /** Makes the certificates of `files` the only trust anchors; if empty, the default roots apply. */
  trust(files: File[]): void {
    this.#anchors?.close()
    this.#anchors = files.length > 0 ? new InspectionSession(this.#calls, files) : null
  }

  /** Asks about a certificate by the state's host and date and the anchors. */
  ask<T>(
    pieceId: string | null,
    question: (asked: AboutOne & { anchors?: string; host?: string; at?: string }) => Promise<T>,
  ): Promise<T> {
    const { host, at } = this.#store.getState().question
    return this.session.ask((sessionId) => {
      const asked = {
        sessionId,
        ...this.#leaf(pieceId),
        ...(host === null ? {} : { host }),
        ...(at === null ? {} : { at }),
      }
      return this.#anchors?.ask((anchors) => question({ ...asked, anchors })) ?? question(asked)
    })
  }

  /** Asks about one side of a comparison, by default the selection; dropped files are open for its time. */
  async askSide<T>(side: Compared | undefined, question: (asked: AboutOne) => Promise<T>): Promise<T> {
    if (!side || 'pieceId' in side) {
      const pieceId = side ? side.pieceId : subjectOf(this.#store.getState())
      return this.session.ask((sessionId) => question({ sessionId, ...this.#leaf(pieceId) }))
    }
    const dropped = new InspectionSession(this.#calls, side.files)
    try {
      return await dropped.ask((sessionId) => question({ sessionId }))
    } finally {
      dropped.close()
    }
  }

  /** Ends the sessions and discards the file handles. */
  clear(): void {
    this.session.close()
    this.session = new InspectionSession(this.#calls)
    this.trust([])
  }

  #leaf(pieceId: string | null): { leafSha256?: string } {
    const piece = this.#store.getState().report?.pieces.find(({ id }) => id === pieceId)
    return piece?.certificate ? { leafSha256: piece.certificate.fingerprintSha256 } : {}
  }
}

/**
 * Files that contain only roots, which can be trusted as they are. Trusting a whole chain file would also
 * trust the leaf and the intermediates.
 */
export function rootFiles({ pieces }: IntakeReport, files: readonly File[]): File[] {
  return files.filter(({ name }) => {
    const isAlone = files.filter((file) => file.name === name).length === 1
    const within = pieces.filter(({ place }) => place.file === name)
    const areRoots = within.every(({ certificate }) => certificate?.isCa && certificate.isSelfSigned)
    return isAlone && within.length > 0 && areRoots
  })
}
