import type { Http2Endpoint } from '../http2-protocol/endpoint.ts'
import { errorCodes } from '../http2-protocol/codes.ts'
import type { StatusHead } from '../http2-protocol/message-rules.ts'
import type { Http2Stream, StreamEvents } from '../http2-protocol/stream.ts'
import type { Deadlines, Expiring } from '../limits/deadlines.ts'
import { containFaults, faultText } from '../limits/faults.ts'
import { ListedFields } from '../http/fields.ts'
import type { ConnectionOptions } from './connect-attempt.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { EdgeIdentity, UpstreamCarrier, ResponseSink, Opening } from './upstream-carrier.ts'
import { upstreamHttp2Fields } from './upstream-request.ts'
import type { UpstreamTarget, UpstreamTimeouts } from './upstream-target.ts'
import { handshakeKey, handshakeProof } from '../http/websocket-handshake.ts'
import { readResponseHead, STATUS_CODES } from '../http/response.ts'
import type { UpstreamFailure } from './upstream-failure.ts'
import type { MessageHead } from '../http/http-parser.ts'

export interface UpstreamStreamEvents {
  onActivity(): void
  /** Called once. */
  onEnd(): void
}

export class Http2UpstreamStream implements UpstreamCarrier, Expiring {
  deadlineAt = Infinity
  hasAnswered = false
  readonly isReused: boolean
  readonly opening: Opening
  readonly #endpoint: Http2Endpoint
  readonly #deadlines: Deadlines
  readonly #options: ConnectionOptions
  readonly #events: UpstreamStreamEvents
  #timeouts: UpstreamTimeouts
  #stream: Http2Stream | null = null
  #sink: ResponseSink | null = null
  #requestEnded = false
  #hasHead = false
  #hasEnded = false
  /** Key of the client's websocket handshake; null for other requests. */
  #websocketKey: string | null = null
  #isTunnel = false
  #informational = 0

  constructor(
    endpoint: Http2Endpoint,
    { opening, isReused }: { opening: Opening; isReused: boolean },
    options: ConnectionOptions,
    events: UpstreamStreamEvents,
  ) {
    this.#endpoint = endpoint
    this.isReused = isReused
    this.opening = opening
    this.#options = options
    this.#deadlines = options.deadlines
    this.#timeouts = options.limits
    this.#events = events
  }

  start(request: EdgeRequest, target: UpstreamTarget, identity: EdgeIdentity, sink: ResponseSink): void {
    // A websocket is requested only if the origin announces support (RFC 8441, section 3).
    if (request.upgrade && !this.#endpoint.peerAllowsConnect) return this.#refuse(sink, 'UPGRADE')
    if (request.bindsConnection) return this.#refuse(sink, 'CONNECTION_LOGIN')
    this.#sink = sink
    this.#timeouts = target.timeouts
    this.#websocketKey = request.upgrade ? (handshakeKey(request) ?? '') : null
    const isEnd = request.bodyLength === 0 && !request.upgrade
    const fields = upstreamHttp2Fields(request, target, identity)
    const sent = request.upgrade ? websocketFields(fields) : fields
    const stream = this.#endpoint.open(sent, isEnd, sink.isHead)
    if (!stream) return this.#refuse(sink, 'FIELDS')
    this.#stream = stream
    stream.events = new ContainedEvents(this)
    this.#deadlines.add(this)
    this.#awaitMore()
  }

  write(bytes: Buffer): boolean {
    this.#awaitMore()
    return this.#stream?.send(bytes, null) ?? true
  }

  endRequest(trailers: string[]): void {
    this.#requestEnded = true
    // A request for a websocket has no body, but its frames will use the same stream.
    const isOpening = this.#websocketKey !== null && !this.#hasHead
    if (!isOpening) this.#stream?.send(nothing, trailers)
    this.#awaitMore()
  }

  endTunnel(): void {
    this.#stream?.send(nothing, noTrailers)
  }

  resume(): void {
    if (!this.#stream?.isPaused) return
    this.#awaitMore()
    this.#stream.resume()
  }

  destroy(): void {
    this.#sink = null
    if (this.#stream) this.#stream.reset(errorCodes.cancel)
    else this.#end()
  }

  expire(): void {
    this.#fail({ kind: 'response-timeout', code: this.#hasHead ? 'body' : 'head' })
  }

  /** Ends only this exchange after an internal error; the exchange reports it if there is one. */
  endByFault(error: unknown): void {
    if (!this.#sink) this.#options.fault('A stream to an origin failed', error)
    this.#fail({ kind: 'fault', code: faultText(error) })
  }

  onHead(head: StatusHead, isEnd: boolean): void {
    const sink = this.#sink
    if (!sink) return
    this.#sawSomething()
    const message = messageHead(head)
    if (head.status < 200) return this.#onInformational(message, sink)
    this.#hasHead = true
    if (this.#websocketKey !== null && head.status < 300) {
      this.#isTunnel = true
      this.#awaitMore()
      sink.onSwitch(switchingHead(message, this.#websocketKey))
      return void sink.flush()
    }
    const response = readResponseHead(message, sink.isHead)
    if (typeof response === 'string') return this.#fail({ kind: 'malformed', code: response })
    // Without a length HTTP/1.1 would announce a body and then end it.
    if (isEnd && response.hasBody) response.contentLength = 0
    sink.onHead(response)
    // The end follows, and goes out with the head.
    if (!isEnd) sink.flush()
  }

  onData(bytes: Buffer): boolean {
    const sink = this.#sink
    if (!sink) return true
    this.#sawSomething()
    sink.onData(bytes)
    if (sink.flush() || this.#sink !== sink) return true
    // While the client is slow the origin has no deadline.
    this.deadlineAt = Infinity
    return false
  }

  onResponseEnd(trailers: string[]): void {
    const sink = this.#sink
    if (!sink) return
    this.#sink = null
    sink.onEnd(trailers)
    sink.flush()
    if (this.#isTunnel) this.#stream?.send(nothing, noTrailers)
    // The rest of the request is not sent (RFC 9113, section 8.1).
    else if (!this.#requestEnded) this.#stream?.reset(errorCodes.cancel)
  }

  onDrain(): void {
    this.#sink?.onDrain()
  }

  onClose(code: number): void {
    const sink = this.#sink
    this.#sink = null
    this.#stream = null
    this.#end()
    if (!sink) return
    const isUnprocessed = code === errorCodes.refusedStream
    sink.onFailure({ kind: 'closed', code: `RST ${code}`, isUnprocessed })
  }

  #refuse(sink: ResponseSink, code: string): void {
    this.#sink = null
    this.#end()
    sink.onFailure({ kind: 'unsendable', code })
  }

  #onInformational(head: MessageHead, sink: ResponseSink): void {
    this.#informational += 1
    if (this.#informational > this.#options.limits.informationalResponses) {
      return this.#fail({ kind: 'malformed', code: 'It sent too many interim responses' })
    }
    sink.onInformational(head)
    sink.flush()
  }

  #fail(failure: UpstreamFailure): void {
    const sink = this.#sink
    this.destroy()
    sink?.onFailure(failure)
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#deadlines.remove(this)
    this.#events.onEnd()
  }

  #sawSomething(): void {
    this.hasAnswered = true
    this.#awaitMore()
    this.#events.onActivity()
  }

  /** Resets the deadline. An open request may be part of a dialogue with long silence on either side. */
  #awaitMore(): void {
    const { responseMs, responsePauseMs, tunnelIdleMs } = this.#timeouts
    const isAwaited = (this.#requestEnded || this.#websocketKey !== null) && !this.#hasHead
    const openMs = this.#isTunnel ? tunnelIdleMs : responsePauseMs
    this.deadlineAt = this.#deadlines.now + (isAwaited ? responseMs : openMs)
  }
}

/** Events of the stream, none of which throws. */
class ContainedEvents implements StreamEvents {
  readonly #carrier: Http2UpstreamStream

  constructor(carrier: Http2UpstreamStream) {
    this.#carrier = carrier
  }

  endByFault(error: unknown): void {
    this.#carrier.endByFault(error)
  }

  onHead(head: StatusHead, isEnd: boolean): void {
    this.#carrier.onHead(head, isEnd)
  }

  onData(bytes: Buffer): boolean {
    return this.#carrier.onData(bytes)
  }

  onEnd(trailers: string[]): void {
    this.#carrier.onResponseEnd(trailers)
  }

  onDrain(): void {
    this.#carrier.onDrain()
  }

  onClose(code: number): void {
    this.#carrier.onClose(code)
  }
}
containFaults(ContainedEvents.prototype)

const noTrailers: string[] = []
const nothing = Buffer.alloc(0)

function messageHead({ status, fields, from }: StatusHead): MessageHead {
  return {
    method: '',
    target: '',
    status,
    reason: STATUS_CODES[status] ?? '',
    minorVersion: 1,
    headers: new ListedFields(fields.slice(from)),
    keepAlive: true,
  }
}

/** Fields of an extended CONNECT (RFC 8441, section 5), without the handshake of HTTP/1.1. */
function websocketFields(fields: readonly string[]): string[] {
  const connect = [':method', 'CONNECT', ':protocol', 'websocket']
  for (let at = 0; at < fields.length; at += 2) {
    if (fields[at] !== ':method' && fields[at] !== 'sec-websocket-key')
      connect.push(fields[at]!, fields[at + 1]!)
  }
  return connect
}

/** Converts the origin's 2xx to a 101 of HTTP/1.1, with the proof for `key`. */
function switchingHead(head: MessageHead, key: string): MessageHead {
  const headers = ['connection', 'upgrade', 'upgrade', 'websocket', acceptField, handshakeProof(key)]
  const given = head.headers.list()
  for (let at = 0; at < given.length; at += 2) {
    // Meaningless in HTTP/2 (RFC 8441, section 5).
    if (given[at] !== acceptField) headers.push(given[at]!, given[at + 1]!)
  }
  return { ...head, status: 101, reason: 'Switching Protocols', headers: new ListedFields(headers) }
}

const acceptField = 'sec-websocket-accept'
