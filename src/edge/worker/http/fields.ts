import { applicationFieldName } from '../../../contract/text/field-name.ts'

/**
 * The header fields of one message, in the order in which they came. Most fields are only passed on,
 * so a head that was read from HTTP/1.1 stays one text: its fields are compared where they lie, whole
 * stretches of lines are passed on as they stand, and names and values are cut out where one is asked for.
 */
export interface Fields {
  readonly count: number
  name(at: number): string
  nameLength(at: number): number
  value(at: number): string
  /** Whether the field has this name, which is in lower case. */
  isNamed(at: number, name: string): boolean
  /** Whether an application may take it for the field of this name, which is as `applicationFieldName` gives it. */
  resembles(at: number, name: string): boolean
  /** Whether an application may take its name for one that begins so. */
  resemblesStart(at: number, start: string): boolean
  /** The fields from `from` to before `to` as lines of HTTP/1.1: `name: value`, each with its line end. */
  lines(from: number, to: number): string
  /** Names and values alternate. */
  list(): string[]
}

/** Fields whose names and values there are anyway: those of HTTP/2, and those that rules have changed. */
export class ListedFields implements Fields {
  readonly count: number
  readonly #list: string[]

  /** Names and values by turns; the list is kept. */
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

/** Fields that lie in one text as `name: value` lines, with nothing but `": "` and CR LF between them. */
export class TextFields implements Fields {
  readonly count: number
  readonly #text: string
  readonly #marks: readonly number[]

  /** `marks` are where a name and its value begin, by turns, and at last where the last line ends. */
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

/** Whether `wanted`, which is in lower case, stands at `start` in any case of its letters. */
function hasAt(text: string, start: number, wanted: string): boolean {
  for (let at = 0; at < wanted.length; at += 1) {
    const code = text.charCodeAt(start + at)
    const isUpper = code >= letterA && code <= letterZ
    if ((isUpper ? code | lowerCaseBit : code) !== wanted.charCodeAt(at)) return false
  }
  return true
}

/** Whether what stands at `start` may be taken for `wanted`, which is as `applicationFieldName` gives it. */
function resemblesAt(text: string, start: number, wanted: string): boolean {
  for (let at = 0; at < wanted.length; at += 1) {
    if (applicationCodes[text.charCodeAt(start + at)] !== wanted.charCodeAt(at)) return false
  }
  return true
}

/** `applicationFieldName` by character code, so that a comparison makes no text. */
const applicationCodes = Uint8Array.from({ length: 256 }, (_, code) =>
  applicationFieldName(String.fromCharCode(code)).charCodeAt(0),
)
const letterA = 0x41
const letterZ = 0x5a
const lowerCaseBit = 0x20
