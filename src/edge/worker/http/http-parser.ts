import { ListedFields, noFields, TextFields, type Fields } from './fields.ts'
import { Llhttp, type LlhttpEvents, type LlhttpOutcome } from './llhttp.ts'

/**
 * HTTP/1 parser on llhttp (the WebAssembly build that undici ships), strict, for both directions.
 *
 * It is pull-based: `execute` returns after a head, at a message's end, or when the bytes are used up, so no
 * caller's code ever runs inside llhttp and nothing can re-enter it. Bodies with a Content-Length bypass it:
 * the reader of the head counts them.
 */
export type ParserStep = 'more' | 'head' | 'end' | 'refused'

export interface MessageHead {
  /** Empty in a response. */
  method: string
  /** Unmodified request target; empty in a response. */
  target: string
  status: number
  reason: string
  minorVersion: number
  headers: Fields
  keepAlive: boolean
}

export interface ParserLimits {
  headBytes: number
  headerFields: number
}

/** Bytes of chunk sizes and extensions that a body may have besides 16 for each of its own. */
const framingBytes = 64 * 1024
const nothing = Buffer.alloc(0)
const space = 0x20
const letterH = 0x48

type TextKind = 'none' | 'name' | 'value'

/** Positions of names and values in the input of the running `execute`: offset and length alternate. */
const spans = new Int32Array(4 * 1024)

export class HttpParser implements LlhttpEvents {
  consumed = 0
  /** Pieces of a chunked body found by the last `execute`: views of its input. */
  body: Buffer[] = []
  /** Trailer fields after an `end` step: alternating names and values. */
  trailers: string[] = []
  refusal = ''
  tooLarge = false

  readonly #llhttp: Llhttp
  readonly #isRequest: boolean
  readonly #limits: ParserLimits
  #input: Buffer = nothing
  #step: ParserStep = 'more'
  #head: MessageHead | null = null
  /** Replaces spans for a head that spans several inputs, and for trailers. */
  #texts: string[] | null = null
  #spanCount = 0
  #last: TextKind = 'none'
  #urlStart = 0
  #urlLength = 0
  #reasonStart = 0
  #reasonLength = 0
  #url = ''
  #reason = ''
  /** First letter of the message's protocol; 0 until it has come. */
  #protocol = 0
  #headBytes = 0
  #framing = 0

  constructor(kind: 'request' | 'response', limits: ParserLimits) {
    this.#limits = limits
    this.#isRequest = kind === 'request'
    this.#llhttp = new Llhttp(kind, this)
  }

  get head(): MessageHead {
    if (!this.#head) throw new Error('no head has been read')
    return this.#head
  }

  restOf(bytes: Buffer): Buffer {
    return this.consumed === bytes.length ? nothing : bytes.subarray(this.consumed)
  }

  get headBytes(): number {
    return this.#headBytes
  }

  get isAtStart(): boolean {
    return this.#headBytes === 0
  }

  /**
   * Parses on. After `head` call `expectBody` (chunked) or `expectMessage` (none, or counted by the caller);
   * after `end` the next message follows; after `refused` the parser is unusable.
   */
  execute(bytes: Buffer): ParserStep {
    this.#step = 'more'
    if (this.body.length > 0) this.body = []
    this.#input = bytes
    const outcome = this.#llhttp.execute(bytes)
    this.consumed = this.#llhttp.consumed
    const step = this.#stepAfter(outcome)
    this.#input = nothing
    return step
  }

  expectBody(): void {
    this.#texts = []
    this.#last = 'none'
    this.#llhttp.resume()
  }

  /** Announces that no body follows, or one that the caller counts. */
  expectMessage(): void {
    this.#llhttp.reset()
    this.#head = null
    this.#texts = null
    this.#spanCount = 0
    this.#last = 'none'
    this.#urlLength = 0
    this.#reasonLength = 0
    this.#url = ''
    this.#reason = ''
    this.#protocol = 0
    this.#headBytes = 0
    this.#framing = 0
  }

  close(): void {
    this.#llhttp.free()
  }

  #stepAfter(outcome: LlhttpOutcome): ParserStep {
    if (this.#step === 'refused') return 'refused'
    const isExpected = outcome === 'ok' || (outcome === 'paused' && this.#step !== 'more')
    if (!isExpected) return this.#refuse(this.#llhttp.errorReason)
    return this.#head === null || this.#step === 'head' ? this.#stepInHead() : this.#stepInBody()
  }

  #stepInHead(): ParserStep {
    this.#headBytes += this.consumed
    if (this.#headBytes > this.#limits.headBytes) return this.#refuse('The head is too large', true)
    if (this.#protocol === 0) this.#findProtocol()
    if (this.#step === 'more') this.#keepTexts()
    else if (this.#protocol !== letterH) return this.#refuse('It is not HTTP')
    return this.#step
  }

  /** Checks the protocol: llhttp also reads RTSP and ICE, and does not report which one it has read. */
  #findProtocol(): void {
    if (this.#isRequest && this.#urlLength === 0 && this.#url === '') return
    // A response begins with it; in a request it follows the target.
    let at = this.#urlLength === 0 ? 0 : this.#urlStart + this.#urlLength
    while (at < this.consumed && this.#input[at]! <= space) at += 1
    if (at < this.consumed) this.#protocol = this.#input[at]!
  }

  #stepInBody(): ParserStep {
    let bodyBytes = 0
    for (const piece of this.body) bodyBytes += piece.length
    this.#framing = Math.max(0, this.#framing + this.consumed - 17 * bodyBytes)
    if (this.#framing > framingBytes) return this.#refuse('The body is mostly framing', true)
    if (this.#step === 'end') {
      this.trailers = this.#texts ?? []
      this.expectMessage()
    }
    return this.#step
  }

  #refuse(reason: string, tooLarge = false): ParserStep {
    this.refusal = reason
    this.tooLarge = tooLarge
    this.#step = 'refused'
    return 'refused'
  }

  #keepTexts(): void {
    this.#texts ??= this.#listFromSpans()
    this.#url = this.#wholeUrl()
    this.#reason = this.#wholeReason()
    this.#urlLength = 0
    this.#reasonLength = 0
  }

  #text(start: number, length: number): string {
    return this.#input.toString('latin1', start, start + length)
  }

  #wholeUrl(): string {
    return this.#url + this.#text(this.#urlStart, this.#urlLength)
  }

  #wholeReason(): string {
    return this.#reasonLength === 0
      ? this.#reason
      : this.#reason + this.#text(this.#reasonStart, this.#reasonLength)
  }

  /** Decodes all fields as one text, if it can be passed on unchanged. */
  #fields(): Fields {
    const count = this.#spanCount
    if (count === 0) return noFields
    const start = spans[0]!
    const text = this.#text(start, spans[count - 2]! + spans[count - 1]! + 2 - start)
    const marks = new Array<number>(count / 2 + 1)
    for (let at = 0, out = 0; at < count; at += 4, out += 2) {
      marks[out] = spans[at]! - start
      marks[out + 1] = spans[at + 2]! - start
      const end = spans[at + 2]! + spans[at + 3]! - start
      marks[out + 2] = end + 2
      const isPlain =
        spans[at]! + spans[at + 1]! + 2 === spans[at + 2]! &&
        (at + 4 === count || spans[at + 4]! - start === end + 2) &&
        text.startsWith(': ', marks[out + 1]! - 2) &&
        text.startsWith('\r\n', end)
      if (!isPlain) return new ListedFields(this.#listFromSpans())
    }
    return new TextFields(text, marks)
  }

  #listFromSpans(): string[] {
    const list: string[] = []
    for (let at = 0; at < this.#spanCount; at += 2) list.push(this.#text(spans[at]!, spans[at + 1]!))
    return list
  }

  // Callbacks of llhttp.

  onUrl(start: number, length: number): void {
    if (this.#urlLength === 0) this.#urlStart = start
    this.#urlLength += length
  }

  onReason(start: number, length: number): void {
    if (this.#reasonLength === 0) this.#reasonStart = start
    this.#reasonLength += length
  }

  onName(start: number, length: number): number {
    return this.#onText('name', start, length)
  }

  onValue(start: number, length: number): number {
    return this.#onText('value', start, length)
  }

  onHead(status: number, keepAlive: boolean): void {
    this.#step = 'head'
    this.#head = {
      method: this.#isRequest ? this.#llhttp.method : '',
      target: this.#isRequest ? this.#wholeUrl() : '',
      status,
      reason: this.#wholeReason(),
      minorVersion: this.#llhttp.minorVersion,
      headers: this.#texts ? new ListedFields(this.#texts) : this.#fields(),
      keepAlive,
    }
    // llhttp also reads versions 0.9 and 2.0, which are not HTTP/1.
    if (this.#llhttp.majorVersion !== 1) this.#refuse('The HTTP version is not 1.0 or 1.1')
    if (!this.#isRequest && status < 100) this.#refuse('The status is below 100')
  }

  onBody(start: number, length: number): void {
    this.body.push(this.#input.subarray(start, start + length))
  }

  onEnd(): void {
    this.#step = 'end'
  }

  /** Collects names and values, which alternate; the same kind twice is one text split over two inputs. */
  #onText(kind: TextKind, start: number, length: number): number {
    const goesOn = kind === this.#last
    this.#last = kind
    const found = this.#texts ? this.#addText(goesOn, start, length) : this.#addSpan(goesOn, start, length)
    if (found <= 2 * this.#limits.headerFields) return 0
    this.#refuse('There are too many header fields', true)
    return -1
  }

  #addText(goesOn: boolean, start: number, length: number): number {
    const texts = (this.#texts ??= [])
    if (goesOn) texts[texts.length - 1] += this.#text(start, length)
    else texts.push(this.#text(start, length))
    return texts.length
  }

  #addSpan(goesOn: boolean, start: number, length: number): number {
    if (goesOn) spans[this.#spanCount - 1]! += length
    else {
      spans[this.#spanCount] = start
      spans[this.#spanCount + 1] = length
      this.#spanCount += 2
    }
    return this.#spanCount / 2
  }
}
