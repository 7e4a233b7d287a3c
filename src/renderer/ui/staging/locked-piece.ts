import type { IntakeReport, Piece } from '../../../contract/certificate-facts.ts'

/** Whether `piece` waits for a passphrase. An archive that was opened has left its content in the report. */
export function isLocked(piece: Piece, report: IntakeReport): boolean {
  if (piece.kind === 'encrypted-private-key') return true
  if (piece.kind !== 'archive') return false
  return !report.pieces.some((other) => other !== piece && other.place.file === piece.place.file)
}
