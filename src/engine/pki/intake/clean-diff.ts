import type { Bundle, CleanDiff } from '../../../contract/certificate-facts.ts'
import type { EdgekeepError } from '../../../contract/errors.ts'
import { armoured, certificateLines, givenText, keyMark } from './given-text.ts'
import type { IntakePiece } from './intake-piece.ts'
import { diffLines } from './line-diff.ts'

/** What was given against the PEM that is served for `bundle`. Of keys there is only the mark. */
export function cleanDiff(
  pieces: IntakePiece[],
  problems: EdgekeepError[],
  { leaf, chain }: Bundle,
): CleanDiff {
  const certificates = [leaf, ...chain].flatMap((id) => pieces.find((p) => p.id === id)?.certificate ?? [])
  const clean = [
    ...certificates.flatMap(({ der }) => certificateLines(der)),
    ...armoured('PRIVATE KEY', [keyMark]),
  ]
  return diffLines(givenText(pieces, problems), clean)
}
