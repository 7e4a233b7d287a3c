import { staticCount, staticFields } from './static-table.ts'

export interface TableField {
  name: string
  value: string
  /** Judgement of `field-octets.ts`, made once. */
  isNameValid: boolean
  isValid: boolean
}

/** Size of a field in a table and in a list (RFC 7541, section 4.1). */
export const fieldOverhead = 32

const statics: TableField[] = Array.from({ length: staticCount }, (_, at) => ({
  name: staticFields[2 * at]!,
  value: staticFields[2 * at + 1]!,
  isNameValid: true,
  isValid: true,
}))

/** Static and dynamic table of a decoder (RFC 7541, section 2.3). */
export class DecodingTable {
  /** Oldest first, from `#first`. */
  #fields: TableField[] = []
  #first = 0
  #bytes = 0
  #mostBytes: number

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  at(index: number): TableField | undefined {
    if (index <= staticCount) return statics[index - 1]
    const place = this.#fields.length - (index - staticCount)
    return place < this.#first ? undefined : this.#fields[place]
  }

  /** A field above the table's size empties it (RFC 7541, section 4.4). */
  add(field: TableField): void {
    const bytes = sizeOf(field)
    this.#evict(this.#mostBytes - bytes)
    if (bytes > this.#mostBytes) return
    this.#fields.push(field)
    this.#bytes += bytes
  }

  resize(mostBytes: number): void {
    this.#mostBytes = mostBytes
    this.#evict(mostBytes)
  }

  #evict(toBytes: number): void {
    while (this.#bytes > toBytes && this.#first < this.#fields.length) {
      this.#bytes -= sizeOf(this.#fields[this.#first]!)
      this.#first += 1
    }
    if (this.#first < compactAfter) return
    this.#fields = this.#fields.slice(this.#first)
    this.#first = 0
  }
}

const compactAfter = 64

function sizeOf({ name, value }: TableField): number {
  return name.length + value.length + fieldOverhead
}
