import type { CleanDiff, Bundle } from '../../contract/inspect/certificate-facts.ts'
import { type GivenLine, armoured, certificateLines, givenText, keyMark } from './given-text.ts'
import type { EdgekeepError } from '../../contract/errors/registry.ts'
import type { IntakePiece } from './intake-piece.ts'

type DiffLine = CleanDiff['lines'][number]

/** Limit of compared lines; a chain of ten certificates has 400. Further lines are only counted. */
const most = 500

/** Diff of the input against the served PEM by longest common subsequence. */
function diffLines(given: GivenLine[], clean: string[]): CleanDiff {
  const before = given.slice(0, most)
  const after = clean.slice(0, most)
  const lines: DiffLine[] = []
  let [at, to] = [0, 0]
  const common = commonLengths(before, after)
  const longest = (row: number, column: number) => common[row * (after.length + 1) + column] ?? 0
  while (at < before.length || to < after.length) {
    const line = before[at]
    if (line?.isFileName) {
      lines.push({ change: 'file', text: line.text })
      at += 1
    } else if (line && line.text === after[to]) {
      lines.push({ change: 'kept', text: line.text })
      at += 1
      to += 1
    } else if (line && (to === after.length || longest(at + 1, to) >= longest(at, to + 1))) {
      lines.push({ change: 'removed', text: line.text })
      at += 1
    } else {
      lines.push({ change: 'added', text: after[to] ?? '' })
      to += 1
    }
  }
  return { lines, omitted: given.length - before.length + (clean.length - after.length) }
}

/** Length of the longest common subsequence from each pair of lines on. */
function commonLengths(before: GivenLine[], after: string[]): Uint16Array {
  const width = after.length + 1
  const lengths = new Uint16Array((before.length + 1) * width)
  for (let row = before.length - 1; row >= 0; row -= 1) {
    const { text, isFileName } = before[row] as GivenLine
    for (let column = after.length - 1; column >= 0; column -= 1) {
      const isSame = !isFileName && text === after[column]
      lengths[row * width + column] = isSame
        ? (lengths[(row + 1) * width + column + 1] ?? 0) + 1
        : Math.max(lengths[(row + 1) * width + column] ?? 0, lengths[row * width + column + 1] ?? 0)
    }
  }
  return lengths
}

/** Diff of the input against the PEM that is served for `bundle`. Keys appear only as a mark. */
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
