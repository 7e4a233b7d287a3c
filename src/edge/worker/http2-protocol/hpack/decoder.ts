import { DecodingTable, fieldOverhead, type TableField } from './decoding-table.ts'
import { isFieldName, isFieldValue } from './field-octets.ts'
import { readHuffman } from './huffman.ts'

/** Error of a block (RFC 7541): the tables of both ends differ from now on, so it ends the connection. */
export class HpackError extends Error {}

export interface DecodedBlock {
  /** Alternating names and values; incomplete if the block is malformed or too large. */
  fields: string[]
  /** A name or value has octets that HTTP/2 forbids (RFC 9113, section 8.2.1). */
  isMalformed: boolean
  isTooLarge: boolean
}

export interface DecoderBounds {
  tableBytes: number
  /** Names, values and 32 bytes for each field. */
  listBytes: number
  fields: number
}

/** Most updates of the table's size before the fields of a block (RFC 7541, section 4.2). */
const mostUpdates = 2
const longestInteger = 4

export class HpackDecoder {
  readonly #bounds: DecoderBounds
  readonly #table: DecodingTable
  #bytes: Buffer = nothing
  #at = 0
  #end = 0
  /** Judgement of the string that was read last. */
  #isValidText = false

  constructor(bounds: DecoderBounds) {
    this.#bounds = bounds
    this.#table = new DecodingTable(bounds.tableBytes)
  }

  /**
   * Decodes the block between `from` and `end`. It is read to its end even if it is too large, because the
   * table goes on.
   *
   * @throws HpackError
   */
  decode(bytes: Buffer, from: number, end: number): DecodedBlock {
    this.#bytes = bytes
    this.#at = from
    this.#end = end
    const block: DecodedBlock = { fields: [], isMalformed: false, isTooLarge: false }
    let left = this.#bounds.listBytes
    this.#readUpdates()
    while (this.#at < end) {
      const { name, value, isValid } = this.#readField(bytes[this.#at]!)
      left -= name.length + value.length + fieldOverhead
      if (!isValid) block.isMalformed = true
      if (left < 0 || block.fields.length >= 2 * this.#bounds.fields) block.isTooLarge = true
      else block.fields.push(name, value)
    }
    this.#bytes = nothing
    return block
  }

  #readUpdates(): void {
    for (let updates = 0; this.#at < this.#end && (this.#bytes[this.#at]! & 0xe0) === 0x20; updates += 1) {
      const size = this.#readInteger(0x1f)
      if (updates === mostUpdates) throw new HpackError('The table’s size changes too often')
      if (size > this.#bounds.tableBytes) throw new HpackError('The table is larger than allowed')
      this.#table.resize(size)
    }
  }

  #readField(first: number): TableField {
    if ((first & 0x80) !== 0) return this.#indexed(this.#readInteger(0x7f))
    const isAdded = (first & 0x40) !== 0
    if (!isAdded && (first & 0x20) !== 0) throw new HpackError('The table’s size changes within a block')
    const index = this.#readInteger(isAdded ? 0x3f : 0x0f)
    const named = index === 0 ? this.#readName() : this.#indexed(index)
    const field = this.#readValue(named)
    if (isAdded) this.#table.add(field)
    return field
  }

  #indexed(index: number): TableField {
    const field = this.#table.at(index)
    if (!field) throw new HpackError('An index is not in the table')
    return field
  }

  #readName(): { name: string; isNameValid: boolean } {
    const text = this.#readString(isFieldName)
    return { name: text, isNameValid: this.#isValidText }
  }

  #readValue({ name, isNameValid }: { name: string; isNameValid: boolean }): TableField {
    const value = this.#readString(isFieldValue)
    return { name, value, isNameValid, isValid: isNameValid && this.#isValidText }
  }

  #readString(judge: (bytes: Uint8Array, from: number, end: number) => boolean): string {
    if (this.#at >= this.#end) throw new HpackError('A field is cut')
    const isHuffman = (this.#bytes[this.#at]! & 0x80) !== 0
    const length = this.#readInteger(0x7f)
    const from = this.#at
    const end = from + length
    if (end > this.#end) throw new HpackError('A field is cut')
    this.#at = end
    if (!isHuffman) {
      this.#isValidText = judge(this.#bytes, from, end)
      return this.#bytes.toString('latin1', from, end)
    }
    const scratch = scratchFor(length)
    const decoded = readHuffman(this.#bytes, from, end, scratch)
    if (decoded < 0) throw new HpackError('A Huffman code is invalid')
    this.#isValidText = judge(scratch, 0, decoded)
    return scratch.toString('latin1', 0, decoded)
  }

  /** An integer with a prefix (RFC 7541, section 5.1). */
  #readInteger(mask: number): number {
    let value = this.#bytes[this.#at++]! & mask
    if (value < mask) return value
    for (let octets = 0; octets < longestInteger; octets += 1) {
      if (this.#at >= this.#end) throw new HpackError('An integer is cut')
      const octet = this.#bytes[this.#at++]!
      value += (octet & 0x7f) << (7 * octets)
      if ((octet & 0x80) === 0) return value
    }
    throw new HpackError('An integer is too large')
  }
}

const nothing = Buffer.alloc(0)

/** No code is shorter than five bits. */
const growth = 8 / 5
let scratch = Buffer.alloc(4096)

function scratchFor(encoded: number): Buffer {
  const needed = Math.ceil(encoded * growth)
  if (needed > scratch.length) scratch = Buffer.alloc(2 * needed)
  return scratch
}
