import type { Socket } from 'node:net'
import { asksToBindConnection } from '../http/headers.ts'
import type { ConnectionOptions } from './connect-attempt.ts'
import type { Deadlines, Expiring } from '../limits/deadlines.ts'
import type { Share } from '../limits/fair-share.ts'
import { faultText, guarded } from '../limits/faults.ts'
import { HttpParser, type MessageHead } from '../http/http-parser.ts'
import type { EdgeRequest } from '../http/request.ts'
import { atEndOfTurn, type AtEndOfTurn } from '../limits/end-of-turn.ts'
import type { EdgeIdentity, UpstreamCarrier, ResponseSink, Opening } from './upstream-carrier.ts'
import { upstreamRequestHead } from './upstream-request.ts'
import type { UpstreamTarget, UpstreamTimeouts } from './upstream-target.ts'
import { fieldLines } from '../http/field-lines.ts'
import { hasField, readResponseHead } from '../http/response.ts'
import type { UpstreamFailure } from './upstream-failure.ts'

type Phase = 'idle' | 'head' | 'counted' | 'chunked' | 'until-close' | 'switched'

export class UpstreamConnection implements UpstreamCarrier, Expiring, AtEndOfTurn {
  deadlineAt = Infinity
  isReused = false
  /** Share that is charged for its exchange; set by the pool. */
  holder: Share<unknown> | null = null
  hasAnswered = false
  /** Client that has authenticated this connection: no other may use it. */
  boundTo: object | null = null
  readonly opening: Opening

  readonly #socket: Socket
  readonly #deadlines: Deadlines
  readonly #options: ConnectionOptions
  readonly #onIdle: () => void
  readonly #parser: HttpParser
  #timeouts: UpstreamTimeouts
  #phase: Phase = 'idle'
  #sink: ResponseSink | null = null
  #left = 0
  #informational = 0
  #mayBeReused = true
  #isChunkedRequest = false
  /** Bytes of the body still to send; `Infinity` for an unknown length. */
  #unsent = 0
  #requestEnded = false
  /** Waits for the end of the turn. */
  #unsentHead: string | null = null
  #mayRead = true
  #failure: UpstreamFailure | null = null

  /** `onIdle`: the next exchange may come. */
  constructor(socket: Socket, opening: Opening, options: ConnectionOptions, onIdle: () => void) {
    this.#socket = socket
    this.opening = opening
    this.#options = options
    this.#deadlines = options.deadlines
    this.#timeouts = options.limits
    this.#onIdle = onIdle
    this.#parser = new HttpParser('response', options.limits)
    this.#deadlines.add(this)
    const onDrain = this.#guarded(() => this.#onDrain())
    const onClose = this.#guarded(() => this.#onClose())
    socket.on('drain', onDrain).on('close', onClose)
    socket.on('error', (error: NodeJS.ErrnoException) => this.#onError(error))
  }

  /** The first read of a response is small: its client is not known before. */
  get mayReadMuch(): boolean {
    return this.#sink?.mayReadMuch ?? false
  }

  get isClosed(): boolean {
    return !this.#socket.writable
  }

  start(request: EdgeRequest, target: UpstreamTarget, identity: EdgeIdentity, sink: ResponseSink): void {
    this.#sink = sink
    this.#timeouts = target.timeouts
    this.#isChunkedRequest = request.bodyLength < 0
    this.#phase = 'head'
    this.#left = 0
    this.#informational = 0
    this.#unsent = request.bodyLength < 0 ? Infinity : request.bodyLength
    this.#mayBeReused = endsForAll(request)
    if (request.bindsConnection) this.boundTo = sink.claimant
    this.#requestEnded = false
    this.hasAnswered = false
    this.deadlineAt = this.#deadlines.now + this.#timeouts.responseMs
    this.#unsentHead = upstreamRequestHead(request, target, identity)
    // A TLS socket counts a write as pending until the end of the turn: written there, the request would
    // still seem pending when a fast origin has answered it, and its connection would not be reused.
    if (this.#options.isTls) this.#sendHead()
    else atEndOfTurn(this)
  }

  /** Sends the head, unless it went out with the body. */
  endTurn(): void {
    try {
      this.#sendHead()
    } catch (error) {
      this.#endByFault(error)
    }
  }

  write(bytes: Buffer): boolean {
    this.#awaitMore()
    if (this.#phase === 'switched') return this.#socket.write(bytes)
    // An empty chunk would end the body.
    if (bytes.length === 0) return true
    if (bytes.length > this.#unsent) {
      // The origin would read the excess as the next request.
      this.#fail({ kind: 'unsendable', code: 'The body is longer than it was said to be' })
      return true
    }
    this.#unsent -= bytes.length
    if (!this.#isChunkedRequest && this.#unsentHead === null) return this.#socket.write(bytes)
    // Head and body, or the parts of a chunk, go out in one write.
    this.#socket.cork()
    this.#sendHead()
    const mayGoOn = this.#isChunkedRequest ? this.#writeChunk(bytes) : this.#socket.write(bytes)
    this.#socket.uncork()
    return mayGoOn
  }

  #writeChunk(bytes: Buffer): boolean {
    this.#socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1')
    this.#socket.write(bytes)
    return this.#socket.write('\r\n', 'latin1')
  }

  #sendHead(): void {
    const head = this.#unsentHead
    // On a closed socket it stays unsent, which `onClose` reports.
    if (head === null || this.isClosed) return
    this.#unsentHead = null
    this.#socket.write(head, 'latin1')
  }

  /** Without this call the connection is not reused. */
  endRequest(trailers: string[]): void {
    if (this.#isChunkedRequest) {
      this.#sendHead()
      this.#socket.write(`0\r\n${fieldLines(trailers)}\r\n`, 'latin1')
    }
    this.#requestEnded = this.#isChunkedRequest || this.#unsent === 0
    this.#unsent = 0
    this.#awaitMore()
  }

  endTunnel(): void {
    this.#socket.end()
  }

  resume(): void {
    if (this.#mayRead) return
    this.#mayRead = true
    this.#awaitMore()
    this.#socket.resume()
  }

  destroy(): void {
    this.#sink = null
    this.#unsentHead = null
    this.#socket.destroy()
  }

  expire(): void {
    if (this.#sink) this.#failure = { kind: 'response-timeout', code: this.#phase }
    this.#socket.destroy()
  }

  /** Takes bytes in the shared read buffer; false stops reading. */
  onRead(bytes: Buffer): boolean {
    const sink = this.#sink
    if (!sink || (this.isReused && this.#unsentHead !== null)) {
      // Unsolicited bytes of an origin: they would be taken for the response to a later request.
      this.#fail({ kind: 'closed', code: 'It spoke unasked', isUnprocessed: true })
      return false
    }
    // The origin may respond before it reads anything.
    this.#sendHead()
    this.hasAnswered = true
    this.#awaitMore()
    const rest = this.#readContained(bytes)
    const mayGoOn = sink.flush()
    if (this.#phase === 'idle') this.#becomeIdle(rest)
    if (mayGoOn || this.#sink !== sink) return true
    this.#mayRead = false
    // While the client is slow the origin has no deadline.
    this.deadlineAt = Infinity
    return false
  }

  /** An exception here would end the worker; it ends only this exchange. */
  #readContained(bytes: Buffer): Buffer {
    try {
      return this.#read(bytes)
    } catch (error) {
      this.#endByFault(error)
      return nothing
    }
  }

  #guarded(listener: () => void): () => void {
    return guarded((error) => this.#endByFault(error), listener)
  }

  /** Ends only this exchange after an internal error; the exchange reports it if there is one. */
  #endByFault(error: unknown): void {
    if (!this.#sink) this.#options.fault('A connection to an origin failed', error)
    this.#fail({ kind: 'fault', code: faultText(error) })
  }

  /** Returns the bytes that do not belong to the exchange. */
  #read(bytes: Buffer): Buffer {
    let rest = bytes
    while (rest.length > 0 && this.#sink) {
      if (this.#phase === 'head' || this.#phase === 'chunked') rest = this.#parse(rest)
      else if (this.#phase === 'counted') rest = this.#count(rest)
      else {
        this.#sink.onData(rest)
        return nothing
      }
    }
    return rest
  }

  /**
   * Frees the connection for the next exchange only after the whole read has been checked: bytes after a
   * response would otherwise be taken for the response to somebody else's request.
   */
  #becomeIdle(rest: Buffer): void {
    this.isReused = true
    if (rest.length > 0 || !this.#mayBeReused || this.isClosed) {
      this.#socket.destroy()
      return
    }
    this.deadlineAt = this.#deadlines.now + this.#options.limits.pooledIdleMs
    this.#onIdle()
  }

  #parse(bytes: Buffer): Buffer {
    const step = this.#parser.execute(bytes)
    for (const piece of this.#parser.body) this.#sink?.onData(piece)
    const rest = this.#parser.restOf(bytes)
    if (step === 'refused') this.#fail(malformed(this.#parser.refusal))
    else if (step === 'head') this.#onHead(this.#parser.head)
    else if (step === 'end') this.#finish(this.#parser.trailers)
    return rest
  }

  #count(bytes: Buffer): Buffer {
    const mine = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes
    this.#left -= mine.length
    this.#sink?.onData(mine)
    if (this.#left === 0) this.#finish(noTrailers)
    return mine === bytes ? nothing : bytes.subarray(mine.length)
  }

  #onHead(head: MessageHead): void {
    const sink = this.#sink
    if (!sink) return
    if (head.status < 200) return this.#onInformational(head, sink)
    const response = readResponseHead(head, sink.isHead)
    if (typeof response === 'string') return this.#fail(malformed(response))
    // After a response before the request is fully sent, the origin may read its rest as the next request.
    const isOut = this.#requestEnded && this.#socket.writableLength === 0
    if (!head.keepAlive || !isOut) this.#mayBeReused = false
    if (asksToBindConnection(head.status, head.headers)) this.boundTo = sink.claimant
    const isChunked = response.contentLength < 0 && hasField(head.headers, 'transfer-encoding')
    if (response.hasBody && isChunked) this.#parser.expectBody()
    else this.#parser.expectMessage()
    sink.onHead(response)
    if (!response.hasBody || response.contentLength === 0) return this.#finish(noTrailers)
    this.#left = response.contentLength
    this.#phase = isChunked ? 'chunked' : response.contentLength > 0 ? 'counted' : 'until-close'
  }

  #onInformational(head: MessageHead, sink: ResponseSink): void {
    if (head.status < 100) return this.#fail(malformed('Its status is not a valid HTTP status'))
    this.#parser.expectMessage()
    this.#informational += 1
    if (head.status === 101) {
      if (!sink.wantsUpgrade) return this.#fail(malformed('It switched protocols unasked'))
      this.#phase = 'switched'
      return sink.onSwitch(head)
    }
    if (this.#informational > this.#options.limits.informationalResponses) {
      return this.#fail(malformed('It sent too many interim responses'))
    }
    sink.onInformational(head)
  }

  #finish(trailers: string[]): void {
    const sink = this.#sink
    this.#sink = null
    this.#phase = 'idle'
    sink?.onEnd(trailers)
  }

  #fail(failure: UpstreamFailure): void {
    const sink = this.#sink
    this.#sink = null
    this.#unsentHead = null
    this.#socket.destroy()
    sink?.onFailure(failure)
  }

  #awaitMore(): void {
    if (this.#phase === 'head') this.deadlineAt = this.#deadlines.now + this.#timeouts.responseMs
    else if (this.#phase === 'switched') this.deadlineAt = this.#deadlines.now + this.#timeouts.tunnelIdleMs
    else if (this.#sink) this.deadlineAt = this.#deadlines.now + this.#timeouts.responsePauseMs
  }

  #onDrain(): void {
    this.#awaitMore()
    this.#sink?.onDrain()
  }

  #onError(error: NodeJS.ErrnoException): void {
    this.#failure ??= { kind: 'closed', code: error.code ?? error.message }
  }

  #onClose(): void {
    this.#deadlines.remove(this)
    this.#parser.close()
    const sink = this.#sink
    const isUnprocessed = this.#unsentHead !== null
    this.#sink = null
    this.#unsentHead = null
    if (!sink) return
    const endedByClose = this.#phase === 'until-close' || this.#phase === 'switched'
    if (endedByClose && !this.#failure) {
      sink.onEnd(noTrailers)
      sink.flush()
    } else if (isUnprocessed) sink.onFailure({ kind: 'closed', code: 'EOF', isUnprocessed })
    else sink.onFailure(this.#failure ?? { kind: 'closed', code: 'EOF' })
  }
}

function malformed(code: string): UpstreamFailure {
  return { kind: 'malformed', code }
}

/**
 * Whether edge and origin certainly agree on the end of the request. An origin may have switched whatever its
 * response, and some do not read the body of a request that usually has none (RFC 9110, section 9.3.1).
 */
function endsForAll({ upgrade, bodyLength, method }: EdgeRequest): boolean {
  return upgrade === null && (bodyLength === 0 || (method !== 'GET' && method !== 'HEAD'))
}

const noTrailers: string[] = []
const nothing = Buffer.alloc(0)
