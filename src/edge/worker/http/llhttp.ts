import llhttpModule from 'undici/lib/llhttp/llhttp_simd-wasm.js'

/** Callbacks of llhttp. Positions are offsets in the input of the running `execute`. */
export interface LlhttpEvents {
  onUrl(start: number, length: number): void
  onReason(start: number, length: number): void
  /** Part of a header field's name or value. A nonzero result stops the parser. */
  onName(start: number, length: number): number
  onValue(start: number, length: number): number
  onHead(status: number, keepAlive: boolean): void
  onBody(start: number, length: number): void
  onEnd(): void
}

interface Exports {
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

const types = { request: 1, response: 2 }
const codeOk = 0
const codePaused = 21

/** `ok`: all input is used. `paused`: at a head's or a message's end. */
export type LlhttpOutcome = 'ok' | 'paused' | 'error'

const inputBytes = 128 * 1024

let active: LlhttpEvents
const llhttp = instantiate()
llhttp._initialize()
const inputAddress = llhttp.malloc(inputBytes)
let heap = new Uint8Array(llhttp.memory.buffer)
const methodNames: string[] = []

/** One parser of llhttp in its WebAssembly memory; it pauses after each head and each message. */
export class Llhttp {
  consumed = 0
  #address: number
  readonly #events: LlhttpEvents

  constructor(kind: 'request' | 'response', events: LlhttpEvents) {
    this.#address = llhttp.llhttp_alloc(types[kind])
    this.#events = events
  }

  execute(input: Buffer): LlhttpOutcome {
    const length = Math.min(input.length, inputBytes)
    // WebAssembly memory gets a new buffer when it grows.
    if (heap.buffer !== llhttp.memory.buffer) heap = new Uint8Array(llhttp.memory.buffer)
    heap.set(length === input.length ? input : input.subarray(0, length), inputAddress)
    active = this.#events
    const code = llhttp.llhttp_execute(this.#address, inputAddress, length)
    this.consumed = code === codeOk ? length : llhttp.llhttp_get_error_pos(this.#address) - inputAddress
    return code === codeOk ? 'ok' : code === codePaused ? 'paused' : 'error'
  }

  get method(): string {
    const method = llhttp.llhttp_get_method(this.#address)
    return (methodNames[method] ??= cString(llhttp.llhttp_method_name(method)))
  }

  get majorVersion(): number {
    return llhttp.llhttp_get_http_major(this.#address)
  }

  get minorVersion(): number {
    return llhttp.llhttp_get_http_minor(this.#address)
  }

  get errorReason(): string {
    return cString(llhttp.llhttp_get_error_reason(this.#address))
  }

  resume(): void {
    llhttp.llhttp_resume(this.#address)
  }

  reset(): void {
    llhttp.llhttp_reset(this.#address)
  }

  free(): void {
    if (this.#address !== 0) llhttp.llhttp_free(this.#address)
    this.#address = 0
  }
}

function instantiate(): Exports {
  const env = {
    wasm_on_message_begin: () => 0,
    wasm_on_url: (_: number, at: number, length: number) => (active.onUrl(at - inputAddress, length), 0),
    wasm_on_status: (_: number, at: number, length: number) => (
      active.onReason(at - inputAddress, length),
      0
    ),
    wasm_on_header_field: (_: number, at: number, length: number) => active.onName(at - inputAddress, length),
    wasm_on_header_value: (_: number, at: number, length: number) =>
      active.onValue(at - inputAddress, length),
    wasm_on_headers_complete: (_: number, status: number, _upgrade: number, keepAlive: number) => (
      active.onHead(status, keepAlive !== 0),
      codePaused
    ),
    wasm_on_body: (_: number, at: number, length: number) => (active.onBody(at - inputAddress, length), 0),
    wasm_on_message_complete: () => (active.onEnd(), codePaused),
  }
  const instance = new WebAssembly.Instance(new WebAssembly.Module(llhttpModule), { env })
  return instance.exports as unknown as Exports
}

function cString(address: number): string {
  return Buffer.from(heap.subarray(address, heap.indexOf(0, address))).toString('latin1')
}
