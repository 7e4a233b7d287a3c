import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { SecretBytes, wipedTogether } from '../../domain/secret-bytes.ts'
import { decodeBase64 } from '../asn1/base64.ts'
import { looksLikePem, scanPem } from '../asn1/pem.ts'
import { limits } from '../limits.ts'
import type { WorkBudget } from '../work-budget.ts'
import type { Found, Reading } from './found.ts'
import { readJavaKeystore } from './java-keystore.ts'
import { jwkPieces } from './jwk.ts'
import { embeddedIn, hexDumpIn, straightenPem } from './loose-text.ts'
import { openSshPublicKey } from './openssh.ts'
import { otherContent } from './other-content.ts'
import { one } from './pieces.ts'
import { faultError, readBlock } from './read-block.ts'
import { sniffDer } from './read-der.ts'

/** An input file: `name` is its base name, for display. */
export interface InputFile {
  name: string
  bytes: Uint8Array
  /** Reason why an archive could not be expanded; there are no bytes then. */
  problem?: EdgekeepError
}

/** Reads every piece of a file. Never throws for its content: problems are part of the result. */
export function readFile(file: InputFile, budget: WorkBudget): Reading {
  const place = { file: file.name }
  const sizeBytes = file.bytes.length
  if (file.problem) return refused(file.problem)
  if (sizeBytes > limits.fileBytes) {
    return refused(new EdgekeepError('input.too_large', { place, sizeBytes, limitBytes: limits.fileBytes }))
  }
  using decoded = asSingleByteText(file.bytes)
  const { text } = decoded
  try {
    using straight = wipedAfter(needsStraightening(text) ? straightenPem(text) : undefined)
    const pem = straight.text ?? text
    if (looksLikePem(pem)) return readPem(pem, file.name, budget)
    const reading =
      readBinary(file, budget) ??
      readBareText(text, file.name, budget) ??
      readHexDump(text, file.name, budget) ??
      readEmbedded(text, file.name, budget)
    return reading ?? refused(otherContent(text, place) ?? nothingIn(place))
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    return refused(error)
  }
}

function refused(error: EdgekeepError): Reading {
  return { found: [], problems: [error] }
}

function nothingIn(place: Place): EdgekeepError {
  return new EdgekeepError('input.nothing_found', { place })
}

function readPem(text: Buffer, file: string, budget: WorkBudget): Reading {
  const { blocks, faults, strayText } = scanPem(text, file)
  const readings = blocks.map((block) => readBlock(strayText ? { ...block, clean: false } : block, budget))
  const found = readings.flatMap((reading) => reading.found)
  const problems = [...readings.flatMap((reading) => reading.problems), ...faults.map(faultError)]
  const isStrange = problems.length === 0 && found.every(({ kind }) => kind === 'unknown')
  return { found, problems: isStrange ? [nothingIn({ file })] : problems }
}

function readBinary(file: InputFile, budget: WorkBudget): Reading | undefined {
  const der = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength)
  // Every certificate, key, request, list and archive is a SEQUENCE.
  const place = { file: file.name }
  return der[0] === 0x30
    ? sniffDer(der, place, 'der', budget)
    : (readJavaKeystore(der, place) ?? foreignFormat(der, place))
}

/** Reads base64 of DER without PEM lines, as it is often pasted, or a line of OpenSSH. */
function readBareText(text: Buffer, file: string, budget: WorkBudget): Reading | undefined {
  const place = { file, line: 1 }
  const publicKey = openSshPublicKey(text, place)
  if (publicKey) return one(publicKey)
  // The base64 of every SEQUENCE begins with it. A possible key must not become a string.
  if (text.find((byte) => byte > 0x20) !== 'M'.charCodeAt(0)) return undefined
  const decoded = decodeBase64(text)
  if ('fault' in decoded) return undefined
  using der = new SecretBytes(decoded.bytes)
  return sniffDer(der.bytes, place, 'messy-pem', budget)
}

const quotedLine = Buffer.from('\n>')
const typographicDash = Buffer.of(0xe2, 0x80)

/** Quoted mail and typographic dashes leave some armour whole, so that the rest would be a fault. */
function needsStraightening(text: Buffer): boolean {
  return (
    !looksLikePem(text) || text.includes(quotedLine) || text[0] === 0x3e || text.includes(typographicDash)
  )
}

function readHexDump(text: Buffer, file: string, budget: WorkBudget): Reading | undefined {
  using dump = wipedAfter(hexDumpIn(text))
  return dump.text && readOctets(dump.text, { file }, budget)
}

/** Reads base64 of PEM or DER inside of other text, and the keys of a JWK. */
function readEmbedded(text: Buffer, file: string, budget: WorkBudget): Reading | undefined {
  const all: Reading = { found: jwkPieces(text, { file }), problems: [] }
  for (const { bytes, line } of embeddedIn(text)) {
    using octets = new SecretBytes(bytes)
    const place = { file, block: all.found.length + 1, line }
    const { found = [], problems = [] } = readOctets(octets.bytes, place, budget) ?? {}
    all.found.push(...found.slice(0, limits.pieces - all.found.length))
    all.problems.push(...problems)
  }
  return all.found.length + all.problems.length > 0 ? all : undefined
}

function readOctets(bytes: Buffer, place: Place, budget: WorkBudget): Reading | undefined {
  if (!looksLikePem(bytes)) return bytes[0] === 0x30 ? sniffDer(bytes, place, 'messy-pem', budget) : undefined
  const { found, problems } = readPem(bytes, place.file ?? '', budget)
  const line = place.line ?? 1
  // Lines inside of the base64 are no lines of the file.
  const here = found.map((piece, index) => ({
    ...piece,
    place: { ...place, block: (place.block ?? 1) + index, line },
  }))
  return { found: here.map(({ given: _, ...piece }) => ({ ...piece, writtenAs: 'messy-pem' })), problems }
}

interface ForeignFormat {
  starts: Buffer
  kind: Found['kind']
  what: string
  advice: string
}

/** Unsupported formats for keys, by their first bytes. */
const formats: ForeignFormat[] = [
  {
    starts: Buffer.from('PuTTY-User-Key-File-', 'latin1'),
    kind: 'unknown',
    what: 'PuTTY private key',
    advice: 'PuTTYgen can save it as an OpenSSH key, and keys for SSH are seldom those of a certificate',
  },
]

/** Recognises a file in an unsupported format, and explains how to convert it; else undefined. */
function foreignFormat(bytes: Buffer, place: Place): Reading | undefined {
  const format = formats.find(({ starts }) => bytes.subarray(0, starts.length).equals(starts))
  if (!format) return undefined
  const { kind, what, advice } = format
  const piece: Found = { kind, place, writtenAs: 'messy-pem', title: what }
  const reason = `this form is not read here; ${advice}`
  return { found: [piece], problems: [new EdgekeepError('input.malformed', { place, what, reason })] }
}

/** A text that may hold a key; wiped with its scope if it is a copy of the input. */
interface SingleByteText extends Disposable {
  text: Buffer
}

/**
 * Decodes a file to single-byte text: drops a byte order mark and converts UTF-16 (Notepad's "Unicode",
 * PowerShell's `>`). PEM itself is ASCII, so other characters occur only in the text around the blocks; they
 * become `?`.
 */
function asSingleByteText(bytes: Uint8Array): SingleByteText {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view[0] === 0xff && view[1] === 0xfe) return copied(narrow(view, { low: 2, high: 3 }))
  if (view[0] === 0xfe && view[1] === 0xff) return copied(narrow(view, { low: 3, high: 2 }))
  if (isUnmarkedUtf16(view)) return copied(narrow(view, { low: 0, high: 1 }))
  const hasMark = view[0] === 0xef && view[1] === 0xbb && view[2] === 0xbf
  return { text: hasMark ? view.subarray(3) : view, [Symbol.dispose]: () => undefined }
}

function copied(text: Buffer): SingleByteText {
  return { text, ...wipedTogether([text]) }
}

function wipedAfter(text: Buffer | undefined): Partial<SingleByteText> & Disposable {
  return { ...(text ? { text } : {}), ...wipedTogether(text ? [text] : []) }
}

/** UTF-16LE without a mark, as some programs of Windows write it: every second octet of its start is zero. */
function isUnmarkedUtf16(view: Buffer): boolean {
  const start = view.subarray(0, 64)
  return start.length >= 16 && start.every((octet, at) => (octet === 0) === (at % 2 === 1))
}

function narrow(view: Buffer, first: { low: number; high: number }): Buffer {
  const text = Buffer.alloc(Math.max(0, (view.length - first.low) >> 1))
  for (let i = 0; i < text.length; i++) {
    text[i] = view[first.high + i * 2] === 0 ? (view[first.low + i * 2] as number) : 0x3f
  }
  return text
}
