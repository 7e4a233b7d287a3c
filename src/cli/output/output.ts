import { type EdgekeepError, problemOf } from '../../contract/errors.ts'
import { visibleLines, visibleText } from '../../contract/text/visible-text.ts'
import { withMoments } from './times.ts'

/** What a command answers: plain data for `--json`, words for a person. */
export interface Result {
  data: Record<string, unknown>
  words: string
  /** The words are the content of a file that was asked for, and are printed as they are. */
  isDocument?: boolean
  /** Set when the answer is no; the data is still given. */
  no?: EdgekeepError
}

const exitCodes = { state: 1, input: 2, trouble: 3 } as const

/** Prints a result and answers the exit status: 0 yes, 1 no, 2 wrong usage or input, 3 engine failure. */
export function report({ data, words, isDocument, no }: Result, json: boolean): number {
  if (json)
    printLine(JSON.stringify(no ? { ok: false, error: problemOf(no), ...data } : { ok: true, ...data }))
  else printLine(isDocument ? words : withMoments(words))
  return no ? exitCodes[no.kind] : 0
}

export function reportFailure(error: EdgekeepError, json: boolean): number {
  if (json) printLine(JSON.stringify({ ok: false, error: problemOf(error) }))
  else printError(`edgekeep: ${withMoments(error.message)}`)
  return exitCodes[error.kind]
}

/** Nothing of what others wrote steers the terminal. In JSON the escapes mean what stood there. */
export function printLine(text: string): void {
  const visible = visibleLines(text)
  process.stdout.write(visible.endsWith('\n') ? visible : `${visible}\n`)
}

/** News for a person that is no answer: to stderr, so that stdout stays what the command answers. */
export function printError(text: string): void {
  process.stderr.write(`${visibleLines(text)}\n`)
}

/** Columns padded to their widest cell. */
export function table(header: string[], cells: string[][]): string {
  const rows = cells.map((row) => row.map((cell) => withMoments(visibleText(cell))))
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(header), ...rows.map(line)].join('\n')
}
