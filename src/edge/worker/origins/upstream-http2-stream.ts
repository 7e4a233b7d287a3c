import { constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import type { Deadlines, Expiring } from '../limits/deadlines.ts'
import { faultText, guarded } from '../limits/faults.ts'
import { ListedFields } from '../http/fields.ts'
import { isInterimStatus, openRequest, sendTrailers } from '../http/http2-sending.ts'
import type { ConnectionOptions } from './connect-attempt.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { EdgeIdentity, UpstreamCarrier, ResponseSink, Opening } from './upstream-carrier.ts'
import { upstreamHttp2Fields } from './upstream-request.ts'
import type { UpstreamTarget, UpstreamTimeouts } from './upstream-target.ts'
import { handshakeKey, handshakeProof } from '../http/websocket-handshake.ts'
import { readResponseHead, STATUS_CODES } from '../http/response.ts'
import type { UpstreamFailure } from './upstream-failure.ts'
import type { MessageHead } from '../http/http-parser.ts'

export interface StreamEvents {
  onActivity(): void
  /** Called once. */
  onEnd(): void
}

export class Http2UpstreamStream implements UpstreamCarrier, Expiring {
  deadlineAt = Infinity
  hasAnswered = false
  readonly isReused: boolean
  readonly opening: Opening
  readonly #session: ClientHttp2Session
  readonly #deadlines: Deadlines
  readonly #options: ConnectionOptions
  readonly #events: StreamEvents
  readonly #abort = new AbortController()
  #timeouts: UpstreamTimeouts
  #stream: ClientHttp2Stream | null = null
  #sink: ResponseSink | null = null
  #requestEnded = false
  #hasHead = false
  #hasEnded = false
  /** Key of the client's websocket handshake; null for other requests. */
  #websocketKey: string | null = null
  #isTunnel = false
  #informational = 0
  #requestTrailers: string[] = []
  #trailers: string[] = []
  #errorCode = ''

  constructor(
    session: ClientHttp2Session,
    { opening, isReused }: { opening: Opening; isReused: boolean },
    options: ConnectionOptions,
    events: StreamEvents,
  ) {
    this.#session = session
    this.isReused = isReused
    this.opening = opening
    this.#options = options
    this.#deadlines = options.deadlines
    this.#timeouts = options.limits
    this.#events = events
  }

  start(request: EdgeRequest, target: UpstreamTarget, identity: EdgeIdentity, sink: ResponseSink): void {
    // A websocket is requested only if the origin announces support (RFC 8441, section 3).
    if (request.upgrade && !this.#session.remoteSettings.enableConnectProtocol)
      return this.#refuse(sink, 'UPGRADE')
    if (request.bindsConnection) return this.#refuse(sink, 'CONNECTION_LOGIN')
    this.#sink = sink
    this.#timeouts = target.timeouts
    this.#websocketKey = request.upgrade ? (handshakeKey(request) ?? '') : null
    const endStream = request.bodyLength === 0 && !request.upgrade
    const fields = upstreamHttp2Fields(request, target, identity)
    const stream = openRequest(this.#session, request.upgrade ? websocketFields(fields) : fields, {
      endStream,
      // A counted body has no trailers.
      waitForTrailers: request.bodyLength < 0,
      signal: this.#abort.signal,
    })
    if (typeof stream === 'string') return this.#refuse(sink, stream)
    this.#stream = stream
    this.#listen(stream)
    this.#deadlines.add(this)
    this.#awaitMore()
  }

  write(bytes: Buffer): boolean {
    const stream = this.#stream
    if (!stream || stream.destroyed) return true
    this.#awaitMore()
    return stream.write(bytes)
  }

  endRequest(trailers: string[]): void {
    this.#requestEnded = true
    this.#requestTrailers = trailers
    const stream = this.#stream
    // A request for a websocket has no body, but its frames will use the same stream.
    const isOpening = this.#websocketKey !== null && !this.#hasHead
    if (stream && !stream.writableEnded && !isOpening) stream.end()
    this.#awaitMore()
  }

  endTunnel(): void {
    this.#stream?.end()
  }

  resume(): void {
    if (!this.#stream?.isPaused()) return
    this.#awaitMore()
    this.#stream.resume()
  }

  /** Aborts, because `close` would end the request before the reset, and a cut body would look whole. */
  destroy(): void {
    this.#sink = null
    if (this.#stream) this.#abort.abort()
    else this.#end()
  }

  expire(): void {
    this.#fail({ kind: 'response-timeout', code: this.#hasHead ? 'body' : 'head' })
  }

  #refuse(sink: ResponseSink, code: string): void {
    this.#sink = null
    this.#end()
    sink.onFailure({ kind: 'unsendable', code })
  }

  #listen(stream: ClientHttp2Stream): void {
    const guard = <Args extends unknown[]>(listener: (...args: Args) => void) =>
      guarded((error) => this.#endByFault(error), listener)
    const onInterim = guard((_headers: unknown, _flags: number, raw: string[]) => this.#onInformational(raw))
    const onHead = guard((_headers: unknown, flags: number, raw: string[]) => this.#onHead(raw, flags))
    const onTrailers = guard((_headers: unknown, flags: number, raw: string[]) => {
      // After interim heads Node reports a head that ends the stream as if it were trailers.
      if (!this.#hasHead) this.#onHead(raw, flags)
      else this.#trailers = raw
    })
    const sendThem = guard(() => {
      const unsent = sendTrailers(stream, this.#requestTrailers)
      // The failure resets the stream, so that the request looks incomplete to the origin.
      if (unsent !== null && !stream.closed) this.#fail({ kind: 'unsendable', code: unsent })
    })
    const take = guard((bytes: Buffer) => this.#onData(stream, bytes))
    const onDrain = guard(() => this.#sink?.onDrain())
    const onEnd = guard(() => this.#onResponseEnd())
    const onClose = guard(() => this.#onClose(stream.rstCode))
    stream.on('headers', onInterim).on('response', onHead).on('trailers', onTrailers)
    stream.on('data', take).on('drain', onDrain).once('end', onEnd)
    stream.once('wantTrailers', sendThem).once('close', onClose)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#errorCode = error.code ?? error.message
    })
  }

  /** Ends only this exchange after an internal error; the exchange reports it if there is one. */
  #endByFault(error: unknown): void {
    if (!this.#sink) this.#options.fault('A stream to an origin failed', error)
    this.#fail({ kind: 'fault', code: faultText(error) })
  }

  #onInformational(raw: string[]): void {
    const head = readFields(raw)
    this.#sawSomething()
    if (!isInterimStatus(head.status)) {
      return this.#fail({ kind: 'malformed', code: 'It sent an interim response that HTTP/2 has not' })
    }
    this.#informational += 1
    if (this.#informational > this.#options.limits.informationalResponses) {
      return this.#fail({ kind: 'malformed', code: 'It sent too many interim responses' })
    }
    this.#sink?.onInformational(head)
    this.#sink?.flush()
  }

  #onHead(raw: string[], flags: number): void {
    const sink = this.#sink
    if (!sink || this.#hasHead) return
    this.#sawSomething()
    this.#hasHead = true
    // Second check besides nghttp2's: a line break would become a line of HTTP/1.1.
    if (lineBreakPattern.test(raw.join(''))) {
      return this.#fail({ kind: 'malformed', code: 'A header field breaks its line' })
    }
    const head = readFields(raw)
    if (this.#websocketKey !== null && head.status >= 200 && head.status < 300) {
      this.#isTunnel = true
      this.#awaitMore()
      sink.onSwitch(switchingHead(head, this.#websocketKey))
      return void sink.flush()
    }
    const response = readResponseHead(head, sink.isHead)
    if (typeof response === 'string') return this.#fail({ kind: 'malformed', code: response })
    const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
    // Without a length HTTP/1.1 would announce a body and then end it.
    if (isWhole && response.hasBody) response.contentLength = 0
    sink.onHead(response)
    sink.flush()
  }

  #onData(stream: ClientHttp2Stream, bytes: Buffer): void {
    const sink = this.#sink
    if (!sink) return
    this.#sawSomething()
    sink.onData(bytes)
    if (sink.flush() || this.#sink !== sink) return
    stream.pause()
    // While the client is slow the origin has no deadline.
    this.deadlineAt = Infinity
  }

  #onResponseEnd(): void {
    const sink = this.#sink
    if (!sink) return
    if (!this.#hasHead) return
    this.#sink = null
    sink.onEnd(this.#trailers)
    sink.flush()
    if (this.#isTunnel) this.#stream?.end()
    // The rest of the request is not sent (RFC 9113, section 8.1).
    else if (!this.#requestEnded) this.#abort.abort()
  }

  #onClose(rstCode: number): void {
    const sink = this.#sink
    this.#sink = null
    this.#end()
    if (!sink) return
    const isUnprocessed = rstCode === constants.NGHTTP2_REFUSED_STREAM
    sink.onFailure({ kind: 'closed', code: this.#errorCode || `RST ${rstCode}`, isUnprocessed })
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

function readFields(raw: string[]) {
  let from = 0
  let status = 0
  for (; from < raw.length && raw[from]!.startsWith(':'); from += 2) {
    if (raw[from] === ':status') status = Number(raw[from + 1])
  }
  return {
    method: '',
    target: '',
    status,
    reason: STATUS_CODES[status] ?? '',
    minorVersion: 1,
    headers: new ListedFields(raw.slice(from)),
    keepAlive: true,
  }
}

const lineBreakPattern = /[\r\n\0]/

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
