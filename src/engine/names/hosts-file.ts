/*
 * Threat: the file is the whole computer's. Whatever else is in it, in whatever bytes, stays as it is: it is
 * read byte for byte, and a change is one splice of our own block and nothing else.
 */

const beginLine = '# Edgekeep: begin; "edgekeep names undo" takes this block out'
/** Where the file did not end in a line end, which the block then had to bring along. */
const beginAfterOpenLine = `${beginLine}, and the line end before it`
const endLine = '# Edgekeep: end'

const loopback = ['127.0.0.1', '::1']

export interface HostsLine {
  /** From 1. */
  number: number
  address: string
  /** In lower case, as they stand. */
  names: string[]
}

export interface HostsFile {
  bytes: Buffer
  lineEnd: '\n' | '\r\n'
  /** Ours: from where to where in the bytes, and the names in it. */
  block: { from: number; to: number; names: string[] } | null
  /** What others wrote. */
  others: HostsLine[]
}

/** The bytes from `from` to `to` give way to `text`. */
export interface Splice {
  from: number
  to: number
  text: string
}

/** Why a file cannot be changed as it is; the message is a sentence. */
export class HostsFileError extends Error {}

/**
 * hosts(5): an address, then names, on a line each; `#` begins a comment.
 * @throws `HostsFileError`
 */
export function readHostsFile(bytes: Buffer): HostsFile {
  if (bytes.includes(0))
    throw new HostsFileError(
      'It holds zero bytes, as a file in UTF-16 does, and no resolver reads it. Save it as plain text first.',
    )
  // One character for a byte, so that places in the text are places in the file.
  const text = bytes.toString('latin1')
  const lines = linesOf(text)
  const begins = lines.filter(({ content }) => content.startsWith(beginLine))
  const ends = lines.filter(({ content }) => content === endLine)
  const [begin, end] = [begins[0], ends[0]]
  const isWhole = begin !== undefined && end !== undefined && begin.at < end.at
  if (begins.length > 1 || ends.length > 1 || (begins.length + ends.length > 0 && !isWhole))
    throw new HostsFileError(
      'The marks of Edgekeep’s block in it are not one beginning and one end. Take the lines that begin with "# Edgekeep:" out by hand, with what is between them.',
    )
  const lineEnd = text.slice(0, 64 * 1024).includes('\r\n') ? '\r\n' : '\n'
  const isOurs = ({ at }: Line) => isWhole && at > begin.at && at < end.at
  const entries = lines.flatMap((line) => entryOf(line))
  const ours = entries.filter(({ line }) => isOurs(line)).flatMap(({ entry }) => entry.names)
  return {
    bytes,
    lineEnd,
    block: isWhole
      ? { from: begin.at - openLineEnd(text, begin), to: end.next, names: [...new Set(ours)] }
      : null,
    others: entries.filter(({ line }) => !isOurs(line)).map(({ entry }) => entry),
  }
}

/** The block's own line ends say of how many bytes the one before it is. */
function openLineEnd(text: string, { content, at, next }: Line): number {
  if (content !== beginAfterOpenLine) return 0
  return text.slice(at, next).endsWith('\r\n') ? 2 : 1
}

interface Line {
  at: number
  /** Where the next line begins. */
  next: number
  number: number
  /** Without its end. */
  content: string
}

function linesOf(text: string): Line[] {
  const lines: Line[] = []
  for (let at = 0, number = 1; at < text.length; number += 1) {
    const newline = text.indexOf('\n', at)
    const next = newline < 0 ? text.length : newline + 1
    const whole = text.slice(at, newline < 0 ? text.length : newline)
    lines.push({ at, next, number, content: whole.endsWith('\r') ? whole.slice(0, -1) : whole })
    at = next
  }
  return lines
}

/** UTF-8's mark at the beginning, as Windows' Notepad writes it, in Latin-1. */
const byteOrderMark = '\u00EF\u00BB\u00BF'

function entryOf(line: Line): { line: Line; entry: HostsLine }[] {
  const content =
    line.at === 0 && line.content.startsWith(byteOrderMark) ? line.content.slice(3) : line.content
  const comment = content.indexOf('#')
  const words = (comment < 0 ? content : content.slice(0, comment)).split(/[ \t]+/).filter(Boolean)
  const [address, ...names] = words
  if (address === undefined || names.length === 0) return []
  return [{ line, entry: { number: line.number, address, names: names.map((name) => name.toLowerCase()) } }]
}

/** What others wrote about `name` that leads it somewhere else than the edge, or undefined. */
export function contradiction({ others }: HostsFile, name: string): HostsLine | undefined {
  return others.find(({ address, names }) => names.includes(name) && !loopback.includes(address))
}

/** Whether others wrote already that `name` is this computer. */
export function isThereByOthers({ others }: HostsFile, name: string): boolean {
  return others.some(({ address, names }) => names.includes(name) && address === loopback[0])
}

/** The change that leaves exactly `names` (A-labels) in our block; none leaves no trace of it. */
export function spliceFor(file: HostsFile, names: string[], addresses = loopback): Splice {
  const { bytes, lineEnd, block } = file
  const from = block?.from ?? bytes.length
  const to = block?.to ?? bytes.length
  if (names.length === 0) return { from, to, text: '' }
  const isOpen = from > 0 && bytes[from - 1] !== 0x0a
  const lines = [
    isOpen ? beginAfterOpenLine : beginLine,
    ...names.flatMap((name) => addresses.map((address) => `${address} ${name}`)),
    endLine,
  ]
  return { from, to, text: `${isOpen ? lineEnd : ''}${lines.join(lineEnd)}${lineEnd}` }
}

/** The bytes that a splice makes. */
export function spliced({ bytes }: HostsFile, { from, to, text }: Splice): Buffer {
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(text, 'latin1'), bytes.subarray(to)])
}
