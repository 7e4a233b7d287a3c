import type { StoreApi } from 'zustand/vanilla'
import { subjectOf, type InspectorState } from './inspector-state.ts'
import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import { certificateBlocks } from '../../ui/certificate/certificate-blocks.ts'

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

/**
 * Reduces many files to those relevant to one certificate: its own, its key's and those of every CA. Calls
 * about one of hundreds then send a few. Returns all files if the location of a piece is unknown.
 */
export function filesAbout(files: readonly File[], report: IntakeReport, pieceId: string): File[] {
  const bundle = report.bundles.find(({ leaf }) => leaf === pieceId)
  const own = new Set([pieceId, ...(bundle?.chain ?? []), bundle?.key])
  const places = report.pieces
    .filter(({ id, certificate }) => own.has(id) || certificate?.isCa)
    .map(({ place }) => place.file)
  if (places.includes(undefined)) return [...files]
  return files.filter(({ name }) => places.includes(baseName(name)))
}

/** File name as the engine reports it. */
function baseName(name: string): string {
  return name.split(/[\\/]/).at(-1) || 'file'
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

/**
 * Certificates of the servable bundle as clean PEM, from the engine's diff, without the private key. Null if
 * nothing is servable or the diff is truncated.
 */
export function cleanChain({ clean }: IntakeReport): string | null {
  if (!clean || clean.omitted > 0) return null
  const lines = clean.lines.filter(({ change }) => change === 'kept' || change === 'added')
  const text = lines.map(({ text: line }) => line).join('\n')
  const blocks = certificateBlocks(text)
  return blocks.length > 0 ? `${blocks.join('\n')}\n` : null
}
