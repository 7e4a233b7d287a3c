import { count } from '../../contract/text/count.ts'
import { basename } from 'node:path'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { formatSize } from '../../contract/text/format-size.ts'
import { readFile } from './files.ts'

/** Columns that a command reads besides the name. */
export const listColumns = ['origin', 'certificate', 'tags'] as const
export type ListColumn = (typeof listColumns)[number]

export type ListedRow = { name: string } & Partial<Record<ListColumn, string>>

const mostBytes = 4 * 1024 * 1024
const mostRows = 10_000
const longestRecord = 8192

/**
 * Reads the names of a file, or of standard input for `-`: one a line, or CSV whose first line has a column
 * `name`. Columns that are not known are left out.
 * @throws `input.invalid`, `input.file_unreadable`, `input.too_large`
 */
export async function readNameList(path: string): Promise<ListedRow[]> {
  const file = path === '-' ? 'standard input' : basename(path)
  const text = decoded(path === '-' ? await readStandardInput() : readFile(path).bytes, file)
  const rows = isTable(text) ? await readTable(text, file) : readLines(text, file)
  if (rows.length > mostRows) throw refused(file, `it has more than ${count(mostRows, 'row')}`)
  if (rows.length === 0) throw refused(file, 'it has no names')
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

async function readStandardInput(): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of process.stdin as AsyncIterable<Uint8Array>) {
    pieces.push(piece)
    length += piece.length
    if (length > mostBytes) throw tooLarge('standard input')
  }
  return Buffer.concat(pieces)
}

function decoded(bytes: Uint8Array, file: string): string {
  if (bytes.length > mostBytes) throw tooLarge(file)
  try {
    // A byte order mark is left out.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw refused(file, 'it is no text in UTF-8; save it as "CSV UTF-8"', error)
  }
}

function firstLine(text: string): string {
  return text.slice(0, longestRecord).split(/\r?\n/, 1)[0] ?? ''
}

/** Spreadsheets of some languages write semicolons. */
const delimiters = [',', ';', '\t']

function isTable(text: string): boolean {
  const cells = firstLine(text).split(/[,;\t]/)
  return cells.some((cell) => columnOf(cell) === 'name')
}

/** Known column of a heading; `domain` is another word for `name`. */
function columnOf(heading: string): 'name' | ListColumn | undefined {
  const word = heading
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim()
    .toLowerCase()
  return word === 'domain' ? 'name' : (['name', ...listColumns] as const).find((name) => name === word)
}

async function readTable(text: string, file: string): Promise<ListedRow[]> {
  const { parse } = await import('csv-parse/sync')
  const delimiter = delimiters.find((sign) => firstLine(text).includes(sign)) ?? ','
  try {
    const rows = parse(text, {
      delimiter,
      info: true,
      trim: true,
      skip_empty_lines: true,
      max_record_size: longestRecord,
      to: mostRows + 1,
      columns: (headings: string[]) => columnsOf(headings, file),
    }) as unknown as { record: ListedRow; info: { lines: number } }[]
    return rows.map(({ record, info }) => {
      if (record.name === '') throw refused(file, `line ${info.lines}: it has no name`)
      return withoutEmpty(record)
    })
  } catch (error) {
    throw error instanceof EdgekeepError ? error : refused(file, csvFault(error), error)
  }
}

/** `false` leaves a column out, so no heading becomes a key of an object. */
function columnsOf(headings: readonly string[], file: string): (string | false)[] {
  const columns = headings.map((heading) => columnOf(heading) ?? false)
  const twice = columns.find((column, at) => column !== false && columns.indexOf(column) !== at)
  if (twice) throw refused(file, `the column "${twice}" is there twice`)
  return columns
}

function withoutEmpty(row: ListedRow): ListedRow {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')) as ListedRow
}

/** Sentence of csv-parse with its line; it echoes nothing of the file beyond a cell. */
function csvFault(error: unknown): string {
  const { code, lines } = error as { code?: string; lines?: number }
  const place = lines === undefined ? '' : `line ${lines}: `
  if (code === 'CSV_MAX_RECORD_SIZE') return `${place}it is longer than ${longestRecord} characters`
  if (code === 'CSV_RECORD_INCONSISTENT_COLUMNS') return `${place}it has not as many cells as the first line`
  return `${place}it is no CSV; check its quotes`
}

/** Lines that begin with `#` are comments. */
function readLines(text: string, file: string): ListedRow[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    const name = line.trim()
    if (name === '' || name.startsWith('#')) return []
    if (name.length > longestRecord || /[,;\t]/.test(name))
      throw refused(
        file,
        `line ${at + 1}: give one name a line, or a first line with the columns, such as "name,origin"`,
      )
    return [{ name }]
  })
}

function tooLarge(file: string): EdgekeepError {
  return refused(file, `a list of names is at most ${formatSize(mostBytes)}`)
}

function refused(file: string, reason: string, cause?: unknown): EdgekeepError {
  return new EdgekeepError(
    'input.invalid',
    { reason: `The list of ${file} cannot be read: ${reason}.` },
    { cause },
  )
}
