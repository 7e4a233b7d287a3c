import type { StoreApi } from 'zustand/vanilla'
import { filesAbout } from './files-of-report.ts'
import { subjectOf, type InspectorState } from './inspector-state.ts'

/** Up to this many files are sent with every question. */
export const few = 30

/** A side of a comparison. */
export type Compared = { pieceId: string } | { files: File[] }

/** The files that questions are asked with. */
export class GivenFiles {
  all: File[] = []
  /** Their certificates alone are trusted; none: the usual roots. */
  anchors: File[] = []
  /** The public part of what a passphrase has opened, so that later questions need it no more. */
  opened: File[] = []
  readonly #store: StoreApi<InspectorState>

  constructor(store: StoreApi<InspectorState>) {
    this.#store = store
  }

  /** These, and what was given before; the same file given twice is read once. */
  with(more: File[]): File[] {
    const identity = (file: File) => `${file.name}\n${file.size}\n${file.lastModified}`
    return [...new Map([...this.all, ...more].map((file) => [identity(file), file])).values()]
  }

  withOpened(): File[] {
    return [...this.all, ...this.opened]
  }

  /** What questions about one certificate are asked with: its files, and the public part of what was opened in them. */
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

  /** What a question about `pieceId` says besides its files. */
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
