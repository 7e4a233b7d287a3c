import { applicationFieldName } from '../../../contract/text/field-name.ts'

/**
 * Header fields of one message, in order. Most fields are only passed on, so a head that was read from
 * HTTP/1.1 stays one text: names are compared in place, runs of lines are passed on unchanged, and names and
 * values are cut out on demand.
 */
export interface Fields {
  readonly count: number
  name(at: number): string
  nameLength(at: number): number
  value(at: number): string
  /** Compares the field's name; `name` is in lower case. */
  isNamed(at: number, name: string): boolean
  /** Whether an application may read the field as `name`, which is in the form of `applicationFieldName`. */
  resembles(at: number, name: string): boolean
  /** Whether an application may read the field's name as one with this prefix. */
  resemblesStart(at: number, start: string): boolean
  /** Fields from `from` to before `to` as HTTP/1.1 lines `name: value`, each with its line end. */
  lines(from: number, to: number): string
  /** Alternating names and values. */
  list(): string[]
}

/** Fields with separate names and values: those of HTTP/2, and those that rules have changed. */
export class ListedFields implements Fields {
  readonly count: number
  readonly #list: string[]

  /** Alternating names and values; the list is kept. */
  constructor(list: string[]) {
    this.#list = list
    this.count = list.length >> 1
  }

  name(at: number): string {
    return this.#list[2 * at]!
  }

  nameLength(at: number): number {
    return this.#list[2 * at]!.length
  }

  value(at: number): string {
    return this.#list[2 * at + 1]!
  }

  isNamed(at: number, name: string): boolean {
    const own = this.#list[2 * at]!
    return own === name || (own.length === name.length && hasAt(own, 0, name))
  }

  resembles(at: number, name: string): boolean {
    const own = this.#list[2 * at]!
    return own === name || (own.length === name.length && resemblesAt(own, 0, name))
  }

  resemblesStart(at: number, start: string): boolean {
    const own = this.#list[2 * at]!
    return own.length >= start.length && resemblesAt(own, 0, start)
  }

  lines(from: number, to: number): string {
    let lines = ''
    for (let at = from; at < to; at += 1) lines += `${this.#list[2 * at]}: ${this.#list[2 * at + 1]}\r\n`
    return lines
  }

  list(): string[] {
    return this.#list
  }
}

export const noFields: Fields = new ListedFields([])

/** Fields in one text of `name: value` lines, with only `": "` and CR LF between them. */
export class TextFields implements Fields {
  readonly count: number
  readonly #text: string
  readonly #marks: readonly number[]

  /** `marks` are the offsets of names and values, alternating, and finally the end of the last line. */
  constructor(text: string, marks: readonly number[]) {
    this.#text = text
    this.#marks = marks
    this.count = marks.length >> 1
  }

  name(at: number): string {
    return this.#text.substring(this.#marks[2 * at]!, this.#marks[2 * at + 1]! - 2)
  }

  nameLength(at: number): number {
    return this.#marks[2 * at + 1]! - this.#marks[2 * at]! - 2
  }

  value(at: number): string {
    return this.#text.substring(this.#marks[2 * at + 1]!, this.#marks[2 * at + 2]! - 2)
  }

  isNamed(at: number, name: string): boolean {
    return this.nameLength(at) === name.length && hasAt(this.#text, this.#marks[2 * at]!, name)
  }

  resembles(at: number, name: string): boolean {
    return this.nameLength(at) === name.length && resemblesAt(this.#text, this.#marks[2 * at]!, name)
  }

  resemblesStart(at: number, start: string): boolean {
    return this.nameLength(at) >= start.length && resemblesAt(this.#text, this.#marks[2 * at]!, start)
  }

  lines(from: number, to: number): string {
    return this.#text.substring(this.#marks[2 * from]!, this.#marks[2 * to]!)
  }

  list(): string[] {
    const list: string[] = []
    for (let at = 0; at < this.count; at += 1) list.push(this.name(at), this.value(at))
    return list
  }
}

/** Compares at `start` without regard to case; `wanted` is in lower case. */
function hasAt(text: string, start: number, wanted: string): boolean {
  for (let at = 0; at < wanted.length; at += 1) {
    const code = text.charCodeAt(start + at)
    const isUpper = code >= letterA && code <= letterZ
    if ((isUpper ? code | lowerCaseBit : code) !== wanted.charCodeAt(at)) return false
  }
  return true
}

/** Compares at `start` as applications do; `wanted` is in the form of `applicationFieldName`. */
function resemblesAt(text: string, start: number, wanted: string): boolean {
  for (let at = 0; at < wanted.length; at += 1) {
    if (applicationCodes[text.charCodeAt(start + at)] !== wanted.charCodeAt(at)) return false
  }
  return true
}

/** `applicationFieldName` by character code, so that a comparison allocates no string. */
const applicationCodes = Uint8Array.from({ length: 256 }, (_, code) =>
  applicationFieldName(String.fromCharCode(code)).charCodeAt(0),
)
const letterA = 0x41
const letterZ = 0x5a
const lowerCaseBit = 0x20
