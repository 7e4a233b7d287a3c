import type { Place } from '../../contract/errors/registry.ts'
import { decodeBase64 } from './base64.ts'
import { limits } from '../limits.ts'

/** One armoured block. `bytes` may hold a key; the caller zeroes it. */
export interface PemBlock {
  label: string
  /** RFC 1421 headers, `Proc-Type` and `DEK-Info` of encrypted keys. */
  headers: Map<string, string>
  bytes: Buffer
  /** A view into the input: the base64 between the armour. */
  text: Buffer
  place: Place
  /** Strict RFC 7468 form: 64 columns, nothing but the block. */
  clean: boolean
  /** Anything but white space before it, or between it and the end of the file. */
  textBefore: boolean
  textAfter: boolean
}
export interface PemFault {
  label: string
  reason: string
  place: Place
}
export interface PemScan {
  blocks: PemBlock[]
  faults: PemFault[]
  /** Anything but white space outside of the blocks. */
  strayText: boolean
}

const begin = Buffer.from('-----BEGIN ', 'latin1')
const end = Buffer.from('-----END ', 'latin1')
const dashes = Buffer.from('-----', 'latin1')
const longestLabel = 64

export function looksLikePem(bytes: Buffer): boolean {
  return bytes.includes(begin)
}

/** Finds every PEM block in `text`, and ignores the text around and between them. */
export function scanPem(text: Buffer, file: string): PemScan {
  const scan: PemScan = { blocks: [], faults: [], strayText: false }
  const lines = lineCounter(text)
  let block = 0
  let at = 0
  for (;;) {
    const start = text.indexOf(begin, at)
    const isStray = !isBlank(text.subarray(at, start < 0 ? text.length : start))
    if (isStray) scan.strayText = true
    if (start < 0) {
      const last = scan.blocks.at(-1)
      if (last) last.textAfter = isStray
      return scan
    }
    const place: Place = { file, block: ++block, line: lines(start) }
    if (block > limits.pieces) {
      scan.faults.push({ label: '', reason: `there are more than ${limits.pieces} blocks`, place })
      return scan
    }
    const before = scan.blocks.length
    at = readBlock(text, start, place, scan, lines)
    const read = scan.blocks[before]
    if (read) read.textBefore = isStray
  }
}

/** Reads the block that begins at `start` into `scan`; the offset where scanning goes on. */
function readBlock(
  text: Buffer,
  start: number,
  place: Place,
  scan: PemScan,
  lines: (offset: number) => number,
): number {
  const labelStart = start + begin.length
  const label = labelAt(text, labelStart)
  if (label === undefined) {
    scan.faults.push({ label: '', reason: 'the "-----BEGIN" line is not complete', place })
    return labelStart
  }
  const bodyStart = labelStart + label.length + dashes.length
  const found = text.indexOf(begin, bodyStart)
  const nextBegin = found < 0 ? text.length : found
  const bodyLength = text.subarray(bodyStart, nextBegin).indexOf(end)
  if (bodyLength < 0) {
    scan.faults.push({ label, reason: `"-----END ${label}-----" is missing`, place })
    return nextBegin
  }
  const bodyEnd = bodyStart + bodyLength
  const endLabel = labelAt(text, bodyEnd + end.length)
  const after = bodyEnd + end.length + (endLabel === undefined ? 0 : endLabel.length + dashes.length)
  if (endLabel !== label) {
    const line = lines(bodyEnd)
    scan.faults.push({
      label,
      reason: `the block ends with another label than ${label}`,
      place: { ...place, line },
    })
    return after
  }
  const { headers, length } = readHeaders(text.subarray(bodyStart, bodyEnd))
  const base64 = text.subarray(bodyStart + length, bodyEnd)
  const decoded = decodeBase64(base64)
  if ('fault' in decoded) {
    const line = lines(bodyStart + length + decoded.fault.offset)
    scan.faults.push({ label, reason: decoded.fault.reason, place: { ...place, line } })
    return after
  }
  const clean = hasCleanLines(base64)
  const bytes = decoded.bytes
  scan.blocks.push({ label, headers, bytes, text: base64, place, clean, textBefore: false, textAfter: false })
  return after
}

function labelAt(text: Buffer, start: number): string | undefined {
  const near = text.subarray(start, start + longestLabel + dashes.length)
  const length = near.indexOf(dashes)
  const label = near.subarray(0, Math.max(0, length)).toString('latin1')
  return /^[A-Z0-9 #.]+$/.test(label) ? label : undefined
}

/** RFC 1421 headers stand before an empty line; `length` is what they take up. */
function readHeaders(body: Buffer): { headers: Map<string, string>; length: number } {
  const headers = new Map<string, string>()
  const head = body.subarray(0, headerEnd(body)).toString('latin1')
  const match =
    /^\s*(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*(?:\r?\n|\r)(?:[ \t][^\r\n]*(?:\r?\n|\r))*)+[ \t]*(?:\r?\n|\r)?/.exec(
      head,
    )
  if (!match) return { headers, length: 0 }
  for (const line of match[0].replace(/(?:\r?\n|\r)[ \t]+/g, ' ').split(/[\r\n]+/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return { headers, length: match[0].length }
}

const longestHeaders = 4096
const colon = 0x3a

/**
 * Offset at which the headers end at the latest: after the last line with a colon, which base64 does not
 * have, and its continuation lines. A key may follow, which must not become a string.
 */
function headerEnd(body: Buffer): number {
  const lastColon = body.subarray(0, longestHeaders).lastIndexOf(colon)
  if (lastColon < 0) return 0
  let end = lineEnd(body, lastColon)
  while (body[end] === 0x20 || body[end] === 0x09) end = lineEnd(body, end)
  if (body[end] === 0x0d) end += 1
  return body[end] === 0x0a ? end + 1 : end
}

function lineEnd(body: Buffer, from: number): number {
  let at = from
  while (at < body.length && body[at] !== 0x0a && body[at] !== 0x0d) at += 1
  return body[at] === 0x0d && body[at + 1] === 0x0a ? at + 2 : Math.min(at + 1, body.length)
}

/** Lines of 64 characters with a line feed after each, the last one shorter or not. */
function hasCleanLines(base64: Buffer): boolean {
  if (base64[0] !== 0x0a || base64[base64.length - 1] !== 0x0a) return false
  let start = 1
  while (start < base64.length) {
    const end = base64.indexOf(0x0a, start)
    const isLast = end === base64.length - 1
    if (end === start || (isLast ? end - start > 64 : end - start !== 64)) return false
    start = end + 1
  }
  return !base64.includes(0x0d) && !base64.includes(0x20) && !base64.includes(0x5c)
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte <= 0x20)
}

/** Returns the line (from 1) of an offset. Offsets must rise, so that the text is read once. */
function lineCounter(text: Buffer): (offset: number) => number {
  let line = 1
  let counted = 0
  return (offset) => {
    if (offset < counted) [line, counted] = [1, 0]
    for (; counted < offset; counted++) {
      if (text[counted] === 0x0a || (text[counted] === 0x0d && text[counted + 1] !== 0x0a)) line++
    }
    return line
  }
}
