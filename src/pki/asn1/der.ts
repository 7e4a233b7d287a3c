/** The input is not the expected DER. Never leaves this folder: callers report the broken rule. */
export class DerError extends Error {
  override readonly name = 'DerError'
}

export interface DerElement {
  /** The identifier octet, `0x30` for SEQUENCE. */
  tag: number
  /** The whole element, with header. */
  bytes: Uint8Array
  content: Uint8Array
  /** Sink of a lenient reading, which notes broken rules of DER that leave the value readable. */
  faults?: string[]
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** `[number]`, constructed. */
export const explicitTag = (number: number): number => 0xa0 | number
/** `[number]`, primitive. */
export const implicitTag = (number: number): number => 0x80 | number

/** Notes a broken rule of a lenient reading; a strict one, without a sink, ends there. */
export function fault(faults: string[] | undefined, message: string): void {
  if (!faults) throw new DerError(message)
  faults.push(message)
}

/** Reads a part without which the rest is still readable. */
export function leniently<T>(faults: string[], read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    fault(faults, error.message)
    return otherwise
  }
}

/**
 * Reads the elements of a DER value in order. Lengths are definite and minimal (X.690, section 10), and no
 * element exceeds its parent. Tags above 30 do not occur in certificates and are refused. With `faults` the
 * reading is lenient, and so is that of the elements.
 */
export class DerReader {
  private offset = 0
  private readonly content: Uint8Array
  private readonly faults: string[] | undefined

  constructor(content: Uint8Array, faults?: string[]) {
    this.content = content
    this.faults = faults
  }

  get done(): boolean {
    return this.offset >= this.content.length
  }

  peekTag(): number | undefined {
    return this.content[this.offset]
  }

  next(tag?: number): DerElement {
    const { content, offset } = this
    const found = content[offset]
    if (found === undefined) throw new DerError('an element is missing')
    if (tag !== undefined && found !== tag)
      throw new DerError(`tag ${hex(found)} stands where ${hex(tag)} belongs`)
    if ((found & 0x1f) === 0x1f) throw new DerError('a tag number is above 30')
    const { start, length } = readLength(content, offset + 1)
    const end = start + length
    if (end > content.length) throw new DerError('an element is longer than its parent')
    this.offset = end
    const bytes = content.subarray(offset, end)
    return { tag: found, bytes, content: content.subarray(start, end), faults: this.faults }
  }

  optional(tag: number): DerElement | undefined {
    return this.peekTag() === tag ? this.next(tag) : undefined
  }

  end(): void {
    if (!this.done) fault(this.faults, 'something follows after the last element')
  }
}

function readLength(content: Uint8Array, offset: number): { start: number; length: number } {
  const first = content[offset]
  if (first === undefined) throw new DerError('a length is missing')
  if (first < 0x80) return { start: offset + 1, length: first }
  const count = first & 0x7f
  if (count === 0 || count > 4) throw new DerError('a length is indefinite or too large')
  let length = 0
  for (let i = 1; i <= count; i += 1) length = length * 256 + (content[offset + i] ?? Number.NaN)
  if (Number.isNaN(length)) throw new DerError('a length is cut off')
  if (length < 0x80 || (count > 1 && content[offset + 1] === 0)) throw new DerError('a length is not minimal')
  return { start: offset + 1 + count, length }
}

const hex = (tag: number): string => `0x${tag.toString(16).padStart(2, '0')}`

/** The only element of `bytes`; trailing bytes are a fault. */
export function readOne(bytes: Uint8Array, tag?: number, faults?: string[]): DerElement {
  const reader = new DerReader(bytes, faults)
  const element = reader.next(tag)
  reader.end()
  return element
}

export function inside(element: DerElement): DerReader {
  return new DerReader(element.content, element.faults)
}

/** The only element inside `element`. */
export function only(element: DerElement, tag?: number): DerElement {
  return readOne(element.content, tag, element.faults)
}

export function mapElements<T>(element: DerElement, read: (child: DerElement) => T): T[] {
  const reader = inside(element)
  const results: T[] = []
  while (!reader.done) results.push(read(reader.next()))
  return results
}

/** A list that RFC 5280 sizes `1..MAX`. */
export function readList<T>(element: DerElement, read: (child: DerElement) => T): T[] {
  const items = mapElements(element, read)
  if (items.length === 0) fault(element.faults, 'a list that needs an entry is empty')
  return items
}

export function readBoolean(element: DerElement): boolean {
  const [value] = element.content
  if (element.content.length !== 1 || (value !== 0 && value !== 0xff))
    throw new DerError('a boolean is malformed')
  return value === 0xff
}

/** The octets of an INTEGER; must be minimal. */
export function readIntegerBytes(element: DerElement): Uint8Array {
  const [first, second] = element.content
  if (first === undefined) throw new DerError('an integer is empty')
  const padded =
    second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
  if (padded) fault(element.faults, 'an integer is not minimal')
  return element.content
}

/** A non-negative INTEGER used as a count, capped at 2^31 - 1. */
export function readCount(element: DerElement): number {
  const bytes = readIntegerBytes(element)
  if ((bytes[0] ?? 0) >= 0x80) throw new DerError('a count is negative')
  if (bytes.length > 4) return 0x7fffffff
  return bytes.reduce((value, octet) => value * 256 + octet, 0)
}

/** The octets of a BIT STRING without unused bits (keys and signatures). */
export function readBitOctets(element: DerElement): Uint8Array {
  if (element.content[0] !== 0) throw new DerError('a bit string does not hold whole octets')
  return element.content.subarray(1)
}

/** The numbers of the set bits of a named bit list, bit 0 first. */
export function readNamedBits(element: DerElement): Set<number> {
  const unused = element.content[0]
  if (unused === undefined || unused > 7 || (unused > 0 && element.content.length === 1))
    throw new DerError('a bit string is malformed')
  const octets = element.content.subarray(1)
  const bits = new Set<number>()
  for (let bit = 0; bit < octets.length * 8 - unused; bit += 1)
    if (((octets[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) bits.add(bit)
  return bits
}

/** Dotted form, `2.5.29.17`. */
export function readObjectIdentifier(element: DerElement): string {
  const octets = element.content
  if ((octets[octets.length - 1] ?? 0x80) >= 0x80) throw new DerError('an object identifier is cut off')
  let dotted = ''
  let start = 0
  for (let end = 0; end < octets.length; end += 1) {
    if ((octets[end] ?? 0) >= 0x80) continue
    const arc = readArc(octets, start, end)
    dotted += start === 0 ? firstArcs(arc) : `.${arc}`
    start = end + 1
  }
  return dotted
}

/** Base 128 (X.690, section 8.19.2). Arcs made of a UUID have 128 bits, all others are small. */
function readArc(octets: Uint8Array, start: number, end: number): number | bigint {
  if (octets[start] === 0x80) throw new DerError('an object identifier is not minimal')
  if (end - start >= 7)
    return octets.subarray(start, end + 1).reduce((arc, octet) => (arc << 7n) | BigInt(octet & 0x7f), 0n)
  let arc = 0
  for (let index = start; index <= end; index += 1) arc = arc * 128 + ((octets[index] ?? 0) & 0x7f)
  return arc
}

/** X.690, section 8.19.4: the first two arcs share one number. */
function firstArcs(arc: number | bigint): string {
  if (typeof arc === 'bigint') return `2.${arc - 80n}`
  return arc < 80 ? `${arc < 40 ? 0 : 1}.${arc % 40}` : `2.${arc - 80}`
}

const utcTimePattern = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/
const generalizedTimePattern = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/

/** Milliseconds since 1970 of a UTCTime or GeneralizedTime (RFC 5280, section 4.1.2.5). */
export function readTime(element: DerElement): number {
  const isUtc = element.tag === tags.utcTime
  if (!isUtc && element.tag !== tags.generalizedTime) throw new DerError('a time is of an unknown kind')
  const match = (isUtc ? utcTimePattern : generalizedTimePattern).exec(asciiText(element.content))
  if (!match && /\d[+-]\d{4}$/.test(asciiText(element.content)))
    throw new DerError('a time is written with an offset instead of Z, which RFC 5280 forbids')
  if (!match) throw new DerError('a time is malformed')
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const fullYear = isUtc ? (year < 50 ? 2000 + year : 1900 + year) : year
  const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second))
  date.setUTCFullYear(fullYear, month - 1, day)
  const outOfRange =
    date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59
  if (outOfRange) throw new DerError('a time does not exist')
  return date.getTime()
}

/** The octets as ASCII text; octets above 127 show as their Latin-1 characters. */
export function asciiText(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1')
}

export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}

export function toHex(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('hex')
}
