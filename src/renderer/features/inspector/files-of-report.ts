import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import { certificateBlocks } from '../../ui/certificate/certificate-blocks.ts'

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
