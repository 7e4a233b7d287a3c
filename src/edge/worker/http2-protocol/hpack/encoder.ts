import { fieldOverhead } from './decoding-table.ts'
import { hasFieldOctets } from './field-octets.ts'
import { huffmanLength, writeHuffman } from './huffman.ts'
import { staticCount, staticFields, staticNames } from './static-table.ts'

/** Last value of a name, and its place in the table, counted from the first insertion; -1 for none. */
interface Sent {
  value: string
  place: number
}

/** Names of which the last value is remembered. */
const mostNames = 128

/**
 * Fields that stay out of the table, because the time or the size of a later block would confirm a guess
 * (RFC 7541, section 7.1). Sessions to an origin carry requests of several clients.
 */
const secrets = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie'])

/** Prefixes of literals (RFC 7541, section 6.2). */
const indexing = 0x40
const neverIndexed = 0x10

/**
 * Encodes header lists. A field enters the table when its value comes for the second time in a row, so that
 * unique values (dates, identifiers) do not displace the others.
 */
export class HpackEncoder {
  readonly #sent = new Map<string, Sent>()
  /** Sizes of the table's fields, oldest first. */
  #sizes: number[] = []
  #inserted = 0
  #bytes = 0
  #mostBytes: number
  readonly #ownMost: number
  /** Smallest size since the last block, and the current one, while the peer does not know them. */
  #unsentLeast = -1

  constructor(tableBytes: number) {
    this.#ownMost = tableBytes
    this.#mostBytes = tableBytes
  }

  /** Applies the peer's SETTINGS_HEADER_TABLE_SIZE. */
  resize(allowed: number): void {
    const size = Math.min(allowed, this.#ownMost)
    if (size === this.#mostBytes) return
    this.#unsentLeast = this.#unsentLeast < 0 ? size : Math.min(this.#unsentLeast, size)
    this.#mostBytes = size
    this.#evict(size)
  }

  /** Writes alternating names in lower case and values at `at`; returns the end. */
  encode(fields: readonly string[], to: Uint8Array, at: number): number {
    let next = this.#writeSizes(to, at)
    for (let field = 0; field < fields.length; field += 2)
      next = this.#writeField(fields[field]!, fields[field + 1]!, to, next)
    return next
  }

  #writeSizes(to: Uint8Array, at: number): number {
    const least = this.#unsentLeast
    if (least < 0) return at
    this.#unsentLeast = -1
    const next = least < this.#mostBytes ? writeInteger(to, at, 0x20, 0x1f, least) : at
    return writeInteger(to, next, 0x20, 0x1f, this.#mostBytes)
  }

  #writeField(name: string, value: string, to: Uint8Array, at: number): number {
    const named = staticNames.get(name) ?? 0
    const whole = named === 0 ? 0 : staticIndex(named, name, value)
    if (whole > 0) return writeInteger(to, at, 0x80, 0x7f, whole)
    if (secrets.has(name)) return writeLiteral(to, at, neverIndexed, 0x0f, named, name, value)
    // One field must not displace all others, nor be remembered for nothing.
    if (2 * (name.length + value.length + fieldOverhead) > this.#mostBytes)
      return writeLiteral(to, at, 0, 0x0f, named, name, value)
    const sent = this.#sent.get(name)
    if (sent === undefined) {
      if (this.#sent.size < mostNames) this.#sent.set(name, { value, place: -1 })
      return writeLiteral(to, at, 0, 0x0f, named, name, value)
    }
    if (sent.value !== value) {
      sent.value = value
      sent.place = -1
      return writeLiteral(to, at, 0, 0x0f, named, name, value)
    }
    const index = this.#indexOf(sent)
    if (index > 0) return writeInteger(to, at, 0x80, 0x7f, index)
    return this.#insert(sent, named, name, to, at)
  }

  /** 0 if it is not in the table. */
  #indexOf({ place }: Sent): number {
    const age = this.#inserted - place
    return place < 0 || age > this.#sizes.length ? 0 : staticCount + age
  }

  #insert(sent: Sent, named: number, name: string, to: Uint8Array, at: number): number {
    const size = name.length + sent.value.length + fieldOverhead
    this.#evict(this.#mostBytes - size)
    this.#sizes.push(size)
    this.#bytes += size
    sent.place = this.#inserted
    this.#inserted += 1
    return writeLiteral(to, at, indexing, 0x3f, named, name, sent.value)
  }

  #evict(toBytes: number): void {
    while (this.#bytes > toBytes) this.#bytes -= this.#sizes.shift()!
  }
}

/** Bytes that `encode` needs at most; -1 for fields with octets that HTTP/2 forbids. */
export function mostEncodedBytes(fields: readonly string[]): number {
  // Prefixes, lengths and the sizes of the table.
  let most = 12
  for (let at = 0; at < fields.length; at += 1) {
    const text = fields[at]!
    if (!hasFieldOctets(text)) return -1
    most += text.length + 6
  }
  return most
}

/** The index of a static field with the value, from the first with its name; 0 for none. */
function staticIndex(first: number, name: string, value: string): number {
  for (let index = first; staticFields[2 * index - 2] === name; index += 1) {
    if (staticFields[2 * index - 1] === value) return index
  }
  return 0
}

function writeLiteral(
  to: Uint8Array,
  at: number,
  prefix: number,
  mask: number,
  named: number,
  name: string,
  value: string,
): number {
  const next = writeInteger(to, at, prefix, mask, named)
  return writeString(to, named === 0 ? writeString(to, next, name) : next, value)
}

function writeInteger(to: Uint8Array, at: number, prefix: number, mask: number, value: number): number {
  if (value < mask) {
    to[at] = prefix | value
    return at + 1
  }
  to[at] = prefix | mask
  let next = at + 1
  let rest = value - mask
  for (; rest >= 128; rest >>>= 7) to[next++] = (rest & 127) | 128
  to[next] = rest
  return next + 1
}

function writeString(to: Uint8Array, at: number, text: string): number {
  const coded = huffmanLength(text)
  if (coded < text.length) return writeHuffman(to, writeInteger(to, at, 0x80, 0x7f, coded), text)
  let next = writeInteger(to, at, 0, 0x7f, text.length)
  for (let each = 0; each < text.length; each += 1) to[next++] = text.charCodeAt(each)
  return next
}
