import type { StoreApi } from 'zustand/vanilla'
import { filesAbout } from './files-of-report.ts'
import { subjectOf, type InspectorState } from './inspector-state.ts'

/** Up to this number, all files are sent with every call. */
export const few = 30

export type Compared = { pieceId: string } | { files: File[] }

export class GivenFiles {
  all: File[] = []
  /** Files whose certificates are the only trust anchors; empty for the default roots. */
  anchors: File[] = []
  /** Certificates decrypted with a passphrase, so that later calls do not need it again. */
  opened: File[] = []
  readonly #store: StoreApi<InspectorState>

  constructor(store: StoreApi<InspectorState>) {
    this.#store = store
  }

  /** Adds `more` to the files, without duplicates. */
  with(more: File[]): File[] {
    const identity = (file: File) => `${file.name}\n${file.size}\n${file.lastModified}`
    return [...new Map([...this.all, ...more].map((file) => [identity(file), file])).values()]
  }

  withOpened(): File[] {
    return [...this.all, ...this.opened]
  }

  /** Files for calls about the selected certificate, including its decrypted certificates. */
  aboutSubject(): File[] {
    const { report } = this.#store.getState()
    const about = subjectOf(this.#store.getState()) ?? report?.bundles[0]?.leaf
    return [...(about === undefined ? this.all : this.of(about)), ...this.opened]
  }

  of(pieceId: string): File[] {
    const { report } = this.#store.getState()
    return report && this.all.length > few ? filesAbout(this.all, report, pieceId) : this.all
  }

  leaf(pieceId: string | null): { leafSha256?: string } {
    const piece = this.#store.getState().report?.pieces.find((each) => each.id === pieceId)
    return piece?.certificate ? { leafSha256: piece.certificate.fingerprintSha256 } : {}
  }

  /** Parameters of a call about `pieceId`, besides its files. */
  question(pieceId: string | null) {
    const { host, at } = this.#store.getState().question
    return {
      ...this.leaf(pieceId),
      ...(this.anchors.length > 0 ? { anchors: this.anchors } : {}),
      ...(host === null ? {} : { host }),
      ...(at === null ? {} : { at }),
    }
  }

  side(side: Compared | undefined, about: string | null): { files: File[]; leafSha256?: string } {
    if (!side) return { files: this.aboutSubject(), ...this.leaf(about) }
    if ('files' in side) return { files: side.files }
    return { files: [...this.of(side.pieceId), ...this.opened], ...this.leaf(side.pieceId) }
  }

  forget(): void {
    this.all = []
    this.anchors = []
    this.opened = []
  }
}
