import { decodeBase64 } from '../asn1/base64.ts'
import { limits } from '../limits.ts'

/*
 * PEM and DER as they arrive in text of other programs. The text may hold a key, so that all works on octets;
 * only a line with "BEGIN" or "END" and a space, which base64 has not, becomes a string.
 */

const lineFeed = 0x0a
const longestArmour = 160
/** Dashes of word processors: U+2010 to U+2015 in UTF-8, and those of Windows-1252. */
const armour =
  /^[ \t>]*(?:-|\u00e2\u0080[\u0090-\u0095]|[\u0096\u0097]){1,8} ?((?:BEGIN|END) [A-Z0-9 #.]+?) ?(?:-|\u00e2\u0080[\u0090-\u0095]|[\u0096\u0097]){1,8}\s*$/

/** PEM without quotation marks and with the right dashes, line by line; undefined if `text` has no armour. */
export function straightenPem(text: Buffer): Buffer | undefined {
  if (!text.includes('BEGIN ') || text.includes('BEGIN SSH2')) return undefined
  const straight = Buffer.alloc(text.length * 2 + 16)
  let length = 0
  for (let start = 0; start < text.length;) {
    const found = text.indexOf(lineFeed, start)
    const end = found < 0 ? text.length : found + 1
    const line = text.subarray(start, end)
    const label = armourIn(line)
    if (label !== undefined) length += straight.write(`-----${label}-----\n`, length, 'latin1')
    else length += unquoted(line).copy(straight, length)
    start = end
  }
  return straight.subarray(0, length)
}

function armourIn(line: Buffer): string | undefined {
  if (line.length > longestArmour || !(line.includes('BEGIN ') || line.includes('END '))) return undefined
  return armour.exec(line.toString('latin1'))?.[1]
}

/** A line without the marks of quoted mail. */
function unquoted(line: Buffer): Buffer {
  let at = 0
  if (line[0] === 0x3e) while (line[at] === 0x3e || line[at] === 0x20) at += 1
  return line.subarray(at)
}

/** Starts of base64: of "-----BEGIN", and of a DER SEQUENCE of 128 octets or more. */
const starts = ['LS0tLS1CRUdJTi', 'MII', 'MIG']
const isBase64 = (byte = 0): boolean =>
  (byte >= 0x2f && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x2b
const backslash = 0x5c

/** Base64 inside of other text: secrets of Kubernetes, kubeconfig, acme.json, SAML, profiles, JWK, LDIF. */
export function* embeddedIn(text: Buffer): Generator<{ bytes: Buffer; line: number }> {
  let line = 1
  let counted = 0
  let at = 0
  for (let pieces = 0; pieces < limits.pieces;) {
    const next = nextStart(text, at)
    if (next === undefined) return
    const { characters, end } = base64From(text, next)
    const decoded = decodeBase64(characters)
    characters.fill(0)
    at = Math.max(end, next + 3)
    for (; counted < next; counted += 1) if (text[counted] === lineFeed) line += 1
    if ('fault' in decoded || decoded.bytes.length === 0) continue
    pieces += 1
    yield { bytes: decoded.bytes, line }
  }
}

function nextStart(text: Buffer, from: number): number | undefined {
  for (let at = from; at < text.length - 64; at += 1) {
    const byte = text[at]
    if ((byte === 0x4c || byte === 0x4d) && !isBase64(text[at - 1])) {
      const start = text.subarray(at, at + 14).toString('latin1')
      if (starts.some((each) => start.startsWith(each))) return at
    }
  }
  return undefined
}

/** Characters of one value: as many as its DER says, across lines and escapes; else until the word ends. */
function base64From(text: Buffer, start: number): { characters: Buffer; end: number } {
  const isDer = text[start] === 0x4d
  const wanted = isDer ? derCharacters(text.subarray(start, start + 8)) : text.length
  let length = 0
  let end = start
  for (; end < text.length && length < wanted; end += 1) {
    const byte = text[end] as number
    if (isBase64(byte) || byte === 0x3d) length += 1
    else if (byte === backslash) end += text[end + 1] === 0x2f ? 0 : 1
    else if (!(isDer && byte <= 0x20)) break
  }
  const characters = Buffer.alloc(isDer && length < wanted ? 0 : length)
  for (let at = start, to = 0; to < characters.length; at += 1) {
    const byte = text[at] as number
    if (isBase64(byte) || byte === 0x3d) characters[to++] = byte
    else if (byte === backslash && text[at + 1] !== 0x2f) at += 1
  }
  return { characters, end }
}

function derCharacters(start: Buffer): number {
  const [, form = 0, high = 0, low = 0] = Buffer.from(start.toString('latin1'), 'base64')
  const size = form === 0x82 ? 4 + high * 256 + low : form === 0x81 ? 3 + high : 0
  return Math.ceil(size / 3) * 4
}

/** Octets of a hexadecimal dump (plain, with colons, xxd, hexdump -C); undefined for other text. */
export function hexDumpIn(text: Buffer): Buffer | undefined {
  // An offset, a SEQUENCE or the first dash of PEM.
  if (![0x30, 0x32, 0x33].includes(text.find((byte) => byte > 0x20) ?? 0)) return undefined
  const octets = Buffer.alloc(text.length >> 1)
  let length = 0
  for (let start = 0; start < text.length;) {
    const found = text.indexOf(lineFeed, start)
    const end = found < 0 ? text.length : found
    const read = hexLine(text.subarray(start, end), octets, length)
    if (read === undefined) {
      octets.fill(0)
      return undefined
    }
    length = read
    start = end + 1
  }
  return octets.subarray(0, length)
}

/** Writes the octets of a line at `length`; the new length, undefined if the line is no dump. */
function hexLine(line: Buffer, octets: Buffer, length: number): number | undefined {
  let at = offsetLength(line)
  let half = -1
  for (; at < line.length; at += 1) {
    const byte = line[at] as number
    const digit = digitOf(byte)
    if (digit >= 0) {
      if (half >= 0) octets[length++] = half * 16 + digit
      half = half < 0 ? digit : -1
    } else if (byte === 0x7c || (byte === 0x20 && line[at + 1] === 0x20 && isXxd(line))) break
    else if (half >= 0 || !(byte <= 0x20 || byte === 0x3a)) return undefined
  }
  return half < 0 ? length : undefined
}

const isXxd = (line: Buffer): boolean => line[8] === 0x3a
/** Length of the eight digits that xxd (with a colon) and hexdump (with two spaces) put in front. */
function offsetLength(line: Buffer): number {
  const isOffset = line.subarray(0, 8).every((byte) => digitOf(byte) >= 0)
  return isOffset && (isXxd(line) || (line[8] === 0x20 && line[9] === 0x20)) ? 9 : 0
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
