/*
 * Threat: the file belongs to the whole computer. Everything else in it stays, in whatever encoding: it is
 * read byte for byte, and a change is one splice of Edgekeep's own block.
 */

const beginLine = '# Edgekeep: begin; "edgekeep names undo" takes this block out'
/** First line of a block that had to add a line end before itself. */
const beginAfterOpenLine = `${beginLine}, and the line end before it`
const endLine = '# Edgekeep: end'

const loopback = ['127.0.0.1', '::1']

export interface HostsLine {
  /** Counted from 1. */
  number: number
  address: string
  /** Lower case. */
  names: string[]
}

export interface HostsFile {
  bytes: Buffer
  lineEnd: '\n' | '\r\n'
  /** Edgekeep's block: its byte range and names. */
  block: { from: number; to: number; names: string[] } | null
  others: HostsLine[]
  lines: HostsLine[]
}

export interface Splice {
  from: number
  to: number
  text: string
}

/** Reason why a file cannot be changed; the message is a sentence. */
export class HostsFileError extends Error {}

/**
 * Parses hosts(5): lines of an address and names; `#` starts a comment.
 * @throws `HostsFileError`
 */
export function readHostsFile(bytes: Buffer): HostsFile {
  if (bytes.includes(0))
    throw new HostsFileError(
      'It holds zero bytes, as a file in UTF-16 does, and no resolver reads it. Save it as plain text first.',
    )
  // Latin-1 maps bytes to characters one to one, so offsets in the text are offsets in the file.
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
    lines: entries.map(({ entry }) => entry),
  }
}

/** Length of the added line end, which is like those of the block. */
function openLineEnd(text: string, { content, at, next }: Line): number {
  if (content !== beginAfterOpenLine) return 0
  return text.slice(at, next).endsWith('\r\n') ? 2 : 1
}

interface Line {
  at: number
  /** Offset of the next line. */
  next: number
  number: number
  /** Without the line end. */
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

/** UTF-8 byte order mark, as Windows' Notepad writes it, in Latin-1. */
const byteOrderMark = '\u00EF\u00BB\u00BF'

function entryOf(line: Line): { line: Line; entry: HostsLine }[] {
  const content =
    line.at === 0 && line.content.startsWith(byteOrderMark) ? line.content.slice(3) : line.content
  const comment = content.indexOf('#')
  const fields = (comment < 0 ? content : content.slice(0, comment)).split(/[ \t]+/).filter(Boolean)
  const [address, ...names] = fields
  if (address === undefined || names.length === 0) return []
  return [{ line, entry: { number: line.number, address, names: names.map((name) => name.toLowerCase()) } }]
}

export function addressesIn({ lines }: HostsFile, name: string): string[] {
  return [...new Set(lines.filter(({ names }) => names.includes(name)).map(({ address }) => address))]
}

/** Line of others that maps `name` elsewhere than to the edge. */
export function contradiction({ others }: HostsFile, name: string): HostsLine | undefined {
  return others.find(({ address, names }) => names.includes(name) && !loopback.includes(address))
}

/** Whether a line of others already maps `name` to this computer. */
export function isThereByOthers({ others }: HostsFile, name: string): boolean {
  return others.some(({ address, names }) => names.includes(name) && address === loopback[0])
}

/** Splice that leaves exactly `names` (A-labels) in the block, or removes it for none. */
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

export function spliced({ bytes }: HostsFile, { from, to, text }: Splice): Buffer {
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(text, 'latin1'), bytes.subarray(to)])
}
