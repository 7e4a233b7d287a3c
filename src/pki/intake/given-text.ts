import { visibleText } from '../../contract/text/visible-text.ts'
import type { EdgekeepError, Place } from '../../contract/errors/registry.ts'
import { toPem } from '../formats/convert.ts'
import { binaryForms, type IntakePiece } from './intake-piece.ts'

/** A line of the input, or the name of the file of the following lines. */
export interface GivenLine {
  text: string
  isFileName: boolean
}

/**
 * The input line by line. Certificates are verbatim; anything that could contain a key (keys, text around the
 * blocks, unreadable files) is only mentioned.
 */
export function givenText(pieces: IntakePiece[], problems: EdgekeepError[]): GivenLine[] {
  const unreadable = problems.flatMap(({ data }) => placeIn(data) ?? [])
  const files = new Set([...pieces.map(({ place }) => place.file), ...unreadable.map(({ file }) => file)])
  return [...files].flatMap((file) => [
    { text: visibleText(file ?? 'the input'), isFileName: true },
    ...linesOfFile(
      pieces.filter(({ place }) => place.file === file),
      unreadable.filter((place) => place.file === file),
    ).map((text) => ({ text, isFileName: false })),
  ])
}

function linesOfFile(pieces: IntakePiece[], unreadable: Place[]): string[] {
  const blocks = Map.groupBy(pieces, ({ place }) => place.block ?? 0)
  for (const { block = 0 } of unreadable) if (!blocks.has(block)) blocks.set(block, [])
  return [...blocks.entries()].sort(([a], [b]) => a - b).flatMap(([, within]) => linesOfBlock(within))
}

function linesOfBlock(pieces: IntakePiece[]): string[] {
  const [first] = pieces
  if (!first) return ['[not readable]']
  if (!first.given) return pieces.map(mark)
  const { label, textBefore, textAfter } = first.given
  const text = (isThere: boolean) => (isThere ? ['[text]'] : [])
  return [
    ...text(textBefore),
    ...armoured(label, certificateBody(first) ?? pieces.map(mark)),
    ...text(textAfter),
  ]
}

function certificateBody({ given, certificate }: IntakePiece): string[] | undefined {
  if (!certificate || !given?.isCertificate) return undefined
  return given.lines ?? certificateLines(certificate.der).slice(1, -1)
}

export function certificateLines(der: Uint8Array): string[] {
  return toPem(der).trimEnd().split('\n')
}

export function armoured(label: string, lines: string[]): string[] {
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`]
}

export const keyMark = '[private key]'

function mark({ kind, title, writtenAs }: IntakePiece): string {
  const form = kind === 'archive' ? undefined : binaryForms.get(writtenAs)
  const from = form === undefined ? '' : `, ${form}`
  if (kind === 'private-key') return keyMark.replace(']', `${from}]`)
  if (kind === 'encrypted-private-key') return '[encrypted private key]'
  return `[${visibleText(title)}${from}]`
}

function placeIn(data: unknown): Place | undefined {
  return (data as { place?: Place }).place
}
