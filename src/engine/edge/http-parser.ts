import llhttpModule from 'undici/lib/llhttp/llhttp_simd-wasm.js'

/**
 * HTTP/1 messages by llhttp (the WebAssembly build that undici ships), strict, for both directions.
 *
 * The parser is pulled, never pushed: `execute` returns after a head, at a message's end, or when
 * the bytes are used up, so no caller's code ever runs inside llhttp and nothing can re-enter it.
 * Bodies with a Content-Length do not come here: whoever reads the head counts them.
 */
export type ParserStep = 'more' | 'head' | 'end' | 'refused'

export interface MessageHead {
  /** Empty in a response. */
  method: string
  /** The request target as it stood on the wire; empty in a response. */
  target: string
  /** 0 in a request. */
  status: number
  reason: string
  minorVersion: number
  /** Names and values by turns, as they stood. */
  headers: string[]
  keepAlive: boolean
}

export interface ParserLimits {
  headBytes: number
  headerFields: number
}

interface Llhttp {
  memory: { buffer: ArrayBuffer }
  _initialize(): void
  malloc(size: number): number
  llhttp_alloc(type: number): number
  llhttp_free(parser: number): void
  llhttp_reset(parser: number): void
  llhttp_resume(parser: number): void
  llhttp_execute(parser: number, data: number, length: number): number
  llhttp_get_error_pos(parser: number): number
  llhttp_get_error_reason(parser: number): number
  llhttp_get_method(parser: number): number
  llhttp_method_name(method: number): number
  llhttp_get_http_major(parser: number): number
  llhttp_get_http_minor(parser: number): number
}

const typeRequest = 1
const typeResponse = 2
const codeOk = 0
const codePaused = 21
const scratchBytes = 128 * 1024
/** Bytes of chunk sizes and extensions that a body may have besides 16 for each of its own. */
const framingBytes = 64 * 1024

const kindNone = 0
const kindField = 1
const kindValue = 2
const nothing = Buffer.alloc(0)

/** Where fields lie in the input of the running `execute`: offset and length of name and value. */
const spans = new Int32Array(4 * 1024)
let active: HttpParser
const llhttp = instantiate()
llhttp._initialize()
const scratch = llhttp.malloc(scratchBytes)
let heap = new Uint8Array(llhttp.memory.buffer)
const methodNames: string[] = []

export class HttpParser {
  /** Bytes of the last `execute` that are used up. */
  consumed = 0
  /** Pieces of a chunked body found by the last `execute`: views of its input. */
  body: Buffer[] = []
  /** Trailer fields after an `end` step, names and values by turns. */
  trailers: string[] = []
  /** Why the last step was `refused`. */
  refusal = ''
  /** The refusal is about size, not form. */
  tooLarge = false

  #pointer: number
  readonly #limits: ParserLimits
  #input: Buffer = nothing
  #step: ParserStep = 'more'
  #head: MessageHead | null = null
  /** Instead of spans: for a head that spans several inputs, and for trailers. */
  #texts: string[] | null = null
  #count = 0
  #last = kindNone
  #urlStart = 0
  #urlLength = 0
  #reasonStart = 0
  #reasonLength = 0
  #url = ''
  #reason = ''
  #headBytes = 0
  #framing = 0

  readonly #isRequest: boolean

  constructor(kind: 'request' | 'response', limits: ParserLimits) {
    this.#limits = limits
    this.#isRequest = kind === 'request'
    this.#pointer = llhttp.llhttp_alloc(this.#isRequest ? typeRequest : typeResponse)
  }

  /** The head after a `head` step. */
  get head(): MessageHead {
    if (!this.#head) throw new Error('no head has been read')
    return this.#head
  }

  /** No byte of a message has been seen since the last one ended. */
  get isAtStart(): boolean {
    return this.#headBytes === 0
  }

  /**
   * Reads on. After `head` call `expectBody` (chunked) or `expectMessage` (none, or counted by the
   * caller); after `end` the next message follows; after `refused` the parser is of no more use.
   */
  execute(bytes: Buffer): ParserStep {
    const length = Math.min(bytes.length, scratchBytes)
    if (heap.buffer !== llhttp.memory.buffer) heap = new Uint8Array(llhttp.memory.buffer)
    heap.set(length === bytes.length ? bytes : bytes.subarray(0, length), scratch)
    this.#step = 'more'
    if (this.body.length > 0) this.body = []
    this.#input = bytes
    active = this
    const code = llhttp.llhttp_execute(this.#pointer, scratch, length)
    this.consumed = code === codeOk ? length : llhttp.llhttp_get_error_pos(this.#pointer) - scratch
    const step = this.#settle(code)
    this.#input = nothing
    return step
  }

  /** The message whose head was read has a chunked body. */
  expectBody(): void {
    this.#texts = []
    this.#last = kindNone
    llhttp.llhttp_resume(this.#pointer)
  }

  /** The message whose head was read has no body, or one that the caller counts. */
  expectMessage(): void {
    llhttp.llhttp_reset(this.#pointer)
    this.#head = null
    this.#texts = null
    this.#count = 0
    this.#last = kindNone
    this.#urlLength = 0
    this.#reasonLength = 0
    this.#url = ''
    this.#reason = ''
    this.#headBytes = 0
    this.#framing = 0
  }

  close(): void {
    if (this.#pointer !== 0) llhttp.llhttp_free(this.#pointer)
    this.#pointer = 0
  }

  #settle(code: number): ParserStep {
    if (this.#step === 'refused') return 'refused'
    if (code !== codeOk && (code !== codePaused || this.#step === 'more')) {
      return this.#refuse(cString(llhttp.llhttp_get_error_reason(this.#pointer)))
    }
    if (this.#head === null || this.#step === 'head') return this.#settleHead()
    return this.#settleBody()
  }

  #settleHead(): ParserStep {
    this.#headBytes += this.consumed
    if (this.#headBytes > this.#limits.headBytes) return this.#refuse('The head is too large', true)
    if (this.#step === 'more') this.#keepTexts()
    return this.#step
  }

  #settleBody(): ParserStep {
    let bodyBytes = 0
    for (const piece of this.body) bodyBytes += piece.length
    this.#framing += this.consumed - 17 * bodyBytes
    if (this.#framing > framingBytes) return this.#refuse('The body is mostly framing', true)
    if (this.#framing < 0) this.#framing = 0
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

  /** The input ends within a head: what was found must outlive it. */
  #keepTexts(): void {
    if (this.#texts === null) {
      this.#texts = []
      this.#spansToTexts(this.#texts)
    }
    this.#url = this.#wholeUrl()
    this.#reason = this.#wholeReason()
    this.#urlLength = 0
    this.#reasonLength = 0
  }

  #spansToTexts(texts: string[]): void {
    for (let at = 0; at < this.#count; at += 2) texts.push(this.#text(spans[at]!, spans[at + 1]!))
  }

  #text(start: number, length: number): string {
    return this.#input.toString('latin1', start, start + length)
  }

  #wholeUrl(): string {
    return this.#url + this.#text(this.#urlStart, this.#urlLength)
  }

  #wholeReason(): string {
    return this.#reason + this.#text(this.#reasonStart, this.#reasonLength)
  }

  /** One decoded string for the whole head and substrings of it: cheaper than a decode a field. */
  #headersFromSpans(): string[] {
    const count = this.#count
    if (count === 0) return []
    const start = spans[0]!
    const whole = this.#text(start, spans[count - 2]! + spans[count - 1]! - start)
    const headers = new Array<string>(count >> 1)
    for (let at = 0, out = 0; at < count; at += 2, out += 1) {
      const from = spans[at]! - start
      headers[out] = whole.substring(from, from + spans[at + 1]!)
    }
    return headers
  }

  // What follows is called by llhttp, with addresses in its memory.

  onUrl(address: number, length: number): void {
    if (this.#urlLength === 0) this.#urlStart = address - scratch
    this.#urlLength += length
  }

  onReason(address: number, length: number): void {
    if (this.#reasonLength === 0) this.#reasonStart = address - scratch
    this.#reasonLength += length
  }

  /** Names and values come by turns; the same kind twice is one text that two inputs share. */
  onText(kind: number, address: number, length: number): number {
    const start = address - scratch
    const goesOn = kind === this.#last
    this.#last = kind
    if (this.#texts) {
      if (goesOn) this.#texts[this.#texts.length - 1] += this.#text(start, length)
      else this.#texts.push(this.#text(start, length))
      if (this.#texts.length > 2 * this.#limits.headerFields) return this.#tooManyFields()
      return 0
    }
    if (goesOn) {
      spans[this.#count - 1]! += length
      return 0
    }
    if (this.#count >= 4 * this.#limits.headerFields) return this.#tooManyFields()
    spans[this.#count] = start
    spans[this.#count + 1] = length
    this.#count += 2
    return 0
  }

  onHead(status: number, keepAlive: boolean): number {
    this.#step = 'head'
    this.#head = {
      method: this.#isRequest ? methodName(llhttp.llhttp_get_method(this.#pointer)) : '',
      target: this.#wholeUrl(),
      status,
      reason: this.#wholeReason(),
      minorVersion: llhttp.llhttp_get_http_minor(this.#pointer),
      headers: this.#texts ?? this.#headersFromSpans(),
      keepAlive,
    }
    // llhttp also reads versions 0.9 and 2.0, which are not HTTP/1.
    if (llhttp.llhttp_get_http_major(this.#pointer) !== 1) this.#refuse('The HTTP version is not 1.0 or 1.1')
    if (!this.#isRequest && status < 100) this.#refuse('The status is below 100')
    return codePaused
  }

  onBody(address: number, length: number): void {
    const start = address - scratch
    this.body.push(this.#input.subarray(start, start + length))
  }

  onEnd(): number {
    this.#step = 'end'
    return codePaused
  }

  #tooManyFields(): number {
    this.#refuse('There are too many header fields', true)
    return -1
  }
}

function instantiate(): Llhttp {
  const env = {
    wasm_on_message_begin: () => 0,
    wasm_on_url: (_: number, at: number, length: number) => (active.onUrl(at, length), 0),
    wasm_on_status: (_: number, at: number, length: number) => (active.onReason(at, length), 0),
    wasm_on_header_field: (_: number, at: number, length: number) => active.onText(kindField, at, length),
    wasm_on_header_value: (_: number, at: number, length: number) => active.onText(kindValue, at, length),
    wasm_on_headers_complete: (_: number, status: number, _upgrade: number, keepAlive: number) =>
      active.onHead(status, keepAlive !== 0),
    wasm_on_body: (_: number, at: number, length: number) => (active.onBody(at, length), 0),
    wasm_on_message_complete: () => active.onEnd(),
  }
  const instance = new WebAssembly.Instance(new WebAssembly.Module(llhttpModule), { env })
  return instance.exports as unknown as Llhttp
}

function methodName(method: number): string {
  return (methodNames[method] ??= cString(llhttp.llhttp_method_name(method)))
}

function cString(address: number): string {
  let end = address
  while (heap[end] !== 0) end += 1
  return Buffer.from(heap.subarray(address, end)).toString('latin1')
}
