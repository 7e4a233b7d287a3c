import { styleText } from 'node:util'
import type { WriteStream } from 'node:tty'

type Style = Parameters<typeof styleText>[0]

/** Signs and words that a person looks for first. Nothing is said by colour alone. */
const rules: [pattern: RegExp, style: Style][] = [
  [/^ *✓/gm, 'green'],
  [/^ *✗/gm, 'red'],
  [/^ *! /gm, 'yellow'],
  [/\b(?:DOWN|REVOKED|FAILED|NOT VALID|expired)\b/g, 'red'],
  [/^ *(?:WARNING|Warning)\b/gm, 'yellow'],
  [/^edgekeep:/gm, 'red'],
  // Header of a table.
  [/^[A-Z][A-Z -]*$/gm, 'bold'],
]

/** False without a terminal, by NO_COLOR or TERM (Node reads both), and by `--no-color`. */
export function hasColour(stream: Pick<WriteStream, 'isTTY' | 'hasColors'>): boolean {
  return stream.isTTY && !process.argv.includes('--no-color') && stream.hasColors()
}

/** Colours `text` if `stream` shows colours. Control characters in it have been escaped before. */
export function coloured(text: string, stream: Pick<WriteStream, 'isTTY' | 'hasColors'>): string {
  if (!hasColour(stream)) return text
  return rules.reduce(
    (done, [pattern, style]) =>
      done.replaceAll(pattern, (found) => styleText(style, found, { validateStream: false })),
    text,
  )
}
