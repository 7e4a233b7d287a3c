import type { IntakeReport } from '../../../contract/certificate-facts.ts'
import { certificateBlocks } from '../../ui/certificate/certificate-blocks.ts'

/**
 * Of many files those that have to do with one certificate: its own, its key's, and those of every
 * authority. What is asked about one of hundreds is then asked with a few; all of them where it is not
 * known which file a piece is in.
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

/** As the engine calls a file. */
function baseName(name: string): string {
  return name.split(/[\\/]/).at(-1) || 'file'
}

/**
 * Those of the files that hold nothing but roots: a person can trust one as it is. In a chain with its root,
 * trusting the file would trust the leaf and the intermediates too.
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
 * The certificates of the servable bundle as clean PEM, from the engine's diff; null where nothing can
 * be served or the diff is cut. The private key is no part of that.
 */
export function cleanChain({ clean }: IntakeReport): string | null {
  if (!clean || clean.omitted > 0) return null
  const lines = clean.lines.filter(({ change }) => change === 'kept' || change === 'added')
  const text = lines.map(({ text: line }) => line).join('\n')
  const blocks = certificateBlocks(text)
  return blocks.length > 0 ? `${blocks.join('\n')}\n` : null
}
