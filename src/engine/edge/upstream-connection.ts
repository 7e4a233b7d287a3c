import type { Socket } from 'node:net'
import type { Deadlines, Expiring } from './deadlines.ts'
import type { Share } from './fair-share.ts'
import { fieldLines } from './headers.ts'
import { HttpParser, type MessageHead } from './http-parser.ts'
import type { Limits } from './limits.ts'
import type { Opening } from './observe.ts'
import type { EdgeRequest } from './request.ts'
import type { EdgeIdentity, UpstreamCarrier } from './upstream-carrier.ts'
import { upstreamRequestHead } from './upstream-request.ts'
import { hasField, readResponseHead, type ResponseSink, type UpstreamFailure } from './upstream-response.ts'
import type { UpstreamTarget, UpstreamTimeouts } from './upstream-target.ts'

type Phase = 'idle' | 'head' | 'counted' | 'chunked' | 'until-close' | 'switched'

/** One socket to an origin, carrying one exchange at a time. */
export class UpstreamConnection implements UpstreamCarrier, Expiring {
  deadlineAt: number
  isReused = false
  /** Whose exchange it carries; the pool's to set. */
  holder: Share<unknown> | null = null
  hasAnswered = false
  readonly opening: Opening

  readonly #socket: Socket
  readonly #deadlines: Deadlines
  readonly #limits: Limits
  readonly #onIdle: () => void
  readonly #parser: HttpParser
  #timeouts: UpstreamTimeouts
  #phase: Phase = 'idle'
  #sink: ResponseSink | null = null
  #left = 0
  #informational = 0
  #keepAlive = true
  #isChunkedRequest = false
  #requestEnded = false
  #mayRead = true
  #failure: UpstreamFailure | null = null

  /** `onIdle` is called when an exchange has ended and the next may come. */
  constructor(socket: Socket, opening: Opening, deadlines: Deadlines, limits: Limits, onIdle: () => void) {
    this.#socket = socket
    this.opening = opening
    this.#deadlines = deadlines
    this.#limits = limits
    this.#timeouts = limits
    this.#onIdle = onIdle
    this.#parser = new HttpParser('response', limits)
    this.deadlineAt = Infinity
    deadlines.add(this)
    socket.on('drain', () => this.#onDrain())
    socket.on('error', (error: NodeJS.ErrnoException) => this.#onError(error))
    socket.on('close', () => this.#onClose())
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
    this.#keepAlive = true
    this.#requestEnded = false
    this.hasAnswered = false
    this.deadlineAt = this.#deadlines.now + this.#timeouts.responseMs
    this.#socket.write(upstreamRequestHead(request, target, identity), 'latin1')
  }

  write(bytes: Buffer): boolean {
    this.#awaitMore()
    if (!this.#isChunkedRequest) return this.#socket.write(bytes)
    this.#socket.cork()
    this.#socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1')
    this.#socket.write(bytes)
    const mayGoOn = this.#socket.write('\r\n', 'latin1')
    this.#socket.uncork()
    return mayGoOn
  }

  /** Without it the connection is not used again. */
  endRequest(trailers: string[]): void {
    if (this.#isChunkedRequest) this.#socket.write(`0\r\n${fieldLines(trailers)}\r\n`, 'latin1')
    this.#requestEnded = true
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
    this.#socket.destroy()
  }

  expire(): void {
    if (this.#sink) this.#failure = { kind: 'response-timeout', code: this.#phase }
    this.#socket.destroy()
  }

  /** Takes what was read into the shared buffer; false stops reading. */
  onRead(bytes: Buffer): boolean {
    const sink = this.#sink
    if (!sink) {
      // An origin that talks unasked: its bytes would be taken for the next response.
      this.#socket.destroy()
      return false
    }
    this.hasAnswered = true
    this.#awaitMore()
    const rest = this.#read(bytes)
    const mayGoOn = sink.flush()
    if (this.#phase === 'idle') this.#settle(rest)
    if (mayGoOn || this.#sink !== sink) return true
    this.#mayRead = false
    // While the client is slow the origin has no deadline.
    this.deadlineAt = Infinity
    return false
  }

  /** Returns what does not belong to the exchange. */
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
   * The exchange has ended. Only now, with the whole read looked at, may the next one come: bytes
   * after a response would otherwise be taken for the response to somebody else's request.
   */
  #settle(rest: Buffer): void {
    this.isReused = true
    if (rest.length > 0 || !this.#keepAlive || !this.#requestEnded || this.isClosed) {
      this.#socket.destroy()
      return
    }
    this.deadlineAt = this.#deadlines.now + this.#limits.pooledIdleMs
    this.#onIdle()
  }

  #parse(bytes: Buffer): Buffer {
    const step = this.#parser.execute(bytes)
    for (const piece of this.#parser.body) this.#sink?.onData(piece)
    const rest = this.#parser.restOf(bytes)
    if (step === 'refused') this.#fail('malformed', this.#parser.refusal)
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
    if (typeof response === 'string') return this.#fail('malformed', response)
    this.#keepAlive = head.keepAlive
    const isChunked = response.contentLength < 0 && hasField(head.headers, 'transfer-encoding')
    if (response.hasBody && isChunked) this.#parser.expectBody()
    else this.#parser.expectMessage()
    sink.onHead(response)
    if (!response.hasBody || response.contentLength === 0) return this.#finish(noTrailers)
    this.#left = response.contentLength
    this.#phase = isChunked ? 'chunked' : response.contentLength > 0 ? 'counted' : 'until-close'
  }

  #onInformational(head: MessageHead, sink: ResponseSink): void {
    this.#parser.expectMessage()
    this.#informational += 1
    if (head.status === 101) {
      if (!sink.wantsUpgrade) return this.#fail('malformed', 'It switched protocols unasked')
      this.#phase = 'switched'
      return sink.onSwitch(head)
    }
    if (this.#informational > this.#limits.informationalResponses) {
      return this.#fail('malformed', 'It sent too many interim responses')
    }
    sink.onInformational(head)
  }

  #finish(trailers: string[]): void {
    const sink = this.#sink
    this.#sink = null
    this.#phase = 'idle'
    sink?.onEnd(trailers)
  }

  #fail(kind: 'malformed', code: string): void {
    const sink = this.#sink
    this.#sink = null
    this.#socket.destroy()
    sink?.onFailure({ kind, code })
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
    this.#sink = null
    if (!sink) return
    const endedByClose = this.#phase === 'until-close' || this.#phase === 'switched'
    if (endedByClose && !this.#failure) {
      sink.onEnd(noTrailers)
      sink.flush()
    } else sink.onFailure(this.#failure ?? { kind: 'closed', code: 'EOF' })
  }
}

const noTrailers: string[] = []
const nothing = Buffer.alloc(0)
