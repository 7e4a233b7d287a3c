import type { IntakeReport } from '../../../contract/certificate-facts.ts'

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
