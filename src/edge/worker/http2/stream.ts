import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { Expiring } from '../limits/deadlines.ts'
import type { EdgeState } from '../exchange/edge-state.ts'
import { Exchange } from '../exchange/exchange.ts'
import { guarded } from '../limits/faults.ts'
import { ListedFields, type Fields } from '../http/fields.ts'
import { sendHead, sendInterim, sendTrailers } from '../http/http2-sending.ts'
import type { MessageHead } from '../http/http-parser.ts'
import { ExchangeFacts, type ConnectionFacts } from '../observe/observe.ts'
import { ClientPace, lateBody } from '../limits/pace.ts'
import { faultProblem, problemPage, type Page } from '../http/pages.ts'
import { readHttp2Request } from '../http/request.ts'
import { addResponseFields, type ResponseHead } from '../http/response.ts'
import { withHandshakeKey } from '../http/websocket-handshake.ts'
import type { ClientStream } from '../exchange/client-stream.ts'

export class Http2Exchange implements ClientStream, Expiring {
  deadlineAt = Infinity
  readonly #edge: EdgeState
  readonly #stream: ServerHttp2Stream
  readonly #onEnd: () => void
  #exchange: Exchange | null = null
  #facts: ExchangeFacts | null = null
  #isHead = false
  #isWebsocket = false
  #requestEnded = false
  #isConversation = false
  /** Idle deadline of either side of a bidirectional stream. */
  #conversationUntil = Infinity
  /** Pace of a request with a body, or of a response that the client does not read. */
  #pace: ClientPace | null = null
  #responseEnded = false
  /** A response of the edge's own replaces one that cannot be sent. */
  #isGivenUp = false
  #pieces: Buffer[] = []
  #trailers: string[] = []

  /** `onEnd` is called once, when the stream is closed. */
  constructor(edge: EdgeState, stream: ServerHttp2Stream, onEnd: () => void) {
    this.#edge = edge
    this.#stream = stream
    this.#onEnd = onEnd
    edge.deadlines.add(this)
    // All streams share listeners, which look their exchange up: a closure for each stream is a cost.
    ;(stream as CarryingStream)[carried] = this
    stream.on('error', closesNext).on('aborted', onAborted).on('close', onClose)
  }

  aborted(): void {
    // A reset with NO_ERROR counts too; Node keeps the stream for its unread data.
    if (!this.#responseEnded) this.#stream.destroy()
  }

  /** Called once. */
  closed(): void {
    try {
      try {
        this.#onClose()
      } finally {
        this.#onEnd()
      }
    } catch (error) {
      this.endByFault(error)
    }
  }

  /** Ends only this stream after an internal error. */
  endByFault(error: unknown): void {
    this.#edge.fault('A stream failed', error)
    this.#exchange?.abort()
    this.cut()
  }

  start(rawHeaders: string[], endsWithHead: boolean, connection: ConnectionFacts): void {
    const { pseudo, from } = readPseudoFields(rawHeaders)
    const headers = new ListedFields(rawHeaders)
    const facts = new ExchangeFacts(connection, {
      method: pseudo.method,
      target: pseudo.path,
      headers,
    })
    facts.requestHeadBytes = linesLength(rawHeaders)
    this.#facts = facts
    const request = readHttp2Request(pseudo, headers, from / 2, endsWithHead, connection)
    this.#isHead = pseudo.method === 'HEAD'
    this.#requestEnded = endsWithHead
    if ('sentence' in request) {
      facts.refusal = request.sentence
      return this.page(problemPage(request, ''))
    }
    this.#isWebsocket = request.upgrade !== null
    // Websocket frames are not a body with a minimum rate.
    this.#isConversation = this.#isWebsocket
    const sent = request.upgrade ? withHandshakeKey(request) : request
    const exchange = new Exchange(this.#edge, sent, this, facts)
    this.#exchange = exchange
    if (!endsWithHead) this.#readBody(exchange)
    exchange.start()
    // The client has half-closed its websocket; the origin must learn that.
    if (endsWithHead && this.#isWebsocket) exchange.bodyEnd(noTrailers)
  }

  expire(): void {
    const exchange = this.#exchange
    const verdict = this.#pace?.judge(this.#edge.deadlines.now, exchange?.isContended ?? false)
    // The next tick checks again.
    if (exchange && verdict === 'waiting' && this.#conversationUntil > this.#edge.deadlines.now) return
    if (exchange && verdict === 'request late' && !this.#stream.headersSent) return this.#refuse(exchange)
    this.#stream.close(constants.NGHTTP2_CANCEL)
  }

  informational(status: number, headers: Fields): void {
    const fields: string[] = []
    addResponseFields(fields, headers)
    const unsent = sendInterim(this.#stream, status, fields)
    // The final response does not depend on it.
    if (unsent !== null) this.#edge.log('warn', 'An interim answer was left out', { status, reason: unsent })
  }

  respond(head: ResponseHead): void {
    if (this.#stream.destroyed) return
    // HTTP/1.1 declines with any status but 101; in HTTP/2 each 2xx accepts (RFC 8441, section 5).
    const status = this.#isWebsocket && head.status < 300 ? 502 : head.status
    const fields = [':status', String(status)]
    addResponseFields(fields, head.headers, head.hop)
    if (head.contentLength >= 0) fields.push('content-length', String(head.contentLength))
    const endStream = !head.hasBody || head.contentLength === 0
    // Only an uncounted body can have trailers.
    const waitForTrailers = !endStream && head.contentLength < 0
    if (!this.#respond(status, fields, endStream, waitForTrailers) || !waitForTrailers) return
    const sendThem = this.#guarded(() => {
      const unsent = sendTrailers(this.#stream, this.#trailers)
      if (unsent !== null && !this.#stream.closed) this.#onUnsent(unsent)
    })
    this.#stream.once('wantTrailers', sendThem)
  }

  accept(head: MessageHead): void {
    if (this.#stream.destroyed) return
    const fields = [':status', '200']
    const forwarded = head.headers
      .list()
      .filter((_, at, all) => all[at - (at % 2)]!.toLowerCase() !== 'sec-websocket-accept')
    addResponseFields(fields, new ListedFields(forwarded))
    this.#respond(200, fields, false)
  }

  data(chunk: Buffer): void {
    this.#pieces.push(chunk)
  }

  end(trailers: string[]): void {
    this.#responseEnded = true
    this.#trailers = trailers
  }

  flush(): boolean {
    const pieces = this.#pieces
    this.#pieces = []
    const stream = this.#stream
    if (stream.destroyed) return true
    // nghttp2 takes the bytes when the window allows, so they cannot stay in the shared buffer.
    const bytes = pieces.length > 0 ? Buffer.concat(pieces) : null
    if (bytes && this.#facts) this.#facts.responseBodyBytes += bytes.length
    if (this.#responseEnded) {
      this.#finish(bytes)
      return true
    }
    if (bytes === null || stream.write(bytes)) return true
    const pace = (this.#pace ??= new ClientPace(this.#edge.limits))
    pace.awaitTaking(this.#edge.deadlines.now, stream.writableLength)
    this.#setDeadline()
    const goOn = this.#guarded(() => {
      const exchange = this.#exchange
      if (!exchange) return
      pace.taken(this.#edge.deadlines.now, exchange.minResponseRate)
      this.#setDeadline()
      exchange.resume()
    })
    stream.once('drain', goOn)
    return false
  }

  page(page: Page): void {
    if (this.#stream.destroyed) return
    this.#responseEnded = true
    if (!this.#respond(page.status, [':status', String(page.status), ...page.headers], this.#isHead)) return
    if (this.#facts && !this.#isHead) this.#facts.responseBodyBytes += page.body.length
    this.#finish(this.#isHead ? null : page.body)
  }

  abort(): void {
    this.#exchange = null
    // `close` would end the stream before the reset, and a cut body would look whole.
    this.#stream.destroy(new Error('the origin gave no complete response'))
  }

  cut(): void {
    this.#exchange = null
    this.#stream.destroy()
  }

  resumeBody(): void {
    this.#awaitBody()
    this.#stream.resume()
  }

  converse(): void {
    this.#isConversation = true
    this.#awaitBody()
  }

  /** Sends a head. False: Node refused it, handled by `#onUnsent`. Only the origin sets the Date. */
  #respond(status: number, fields: string[], endStream: boolean, waitForTrailers = false): boolean {
    const unsent = sendHead(this.#stream, fields, { endStream, waitForTrailers, sendDate: false })
    if (unsent !== null) {
      this.#onUnsent(unsent)
      return false
    }
    this.#facts?.answer(status)
    if (this.#facts) this.#facts.responseHeadBytes += linesLength(fields)
    return true
  }

  /** Ends the stream after Node refused to send something: with an error page if no response has begun. */
  #onUnsent(reason: string): void {
    const stream = this.#stream
    if (stream.destroyed || stream.closed) return
    this.#edge.log('warn', 'An answer cannot be sent over HTTP/2', { reason })
    this.#exchange?.abort()
    this.#exchange = null
    if (stream.headersSent || this.#isGivenUp) return this.abort()
    this.#isGivenUp = true
    this.page(problemPage(faultProblem, ''))
  }

  #guarded<Args extends unknown[]>(listener: (...args: Args) => void): (...args: Args) => void {
    return guarded((error) => this.endByFault(error), listener)
  }

  #finish(bytes: Buffer | null): void {
    this.#exchange = null
    const stream = this.#stream
    if (!stream.writableEnded) {
      if (bytes) stream.end(bytes)
      else stream.end()
    }
    this.deadlineAt = this.#edge.deadlines.now + this.#edge.limits.writeStallMs
    if (this.#requestEnded) return
    // The rest of the request is not read (RFC 9113, section 8.1). A stream with unread data does not close.
    stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR))
    stream.resume()
  }

  #readBody(exchange: Exchange): void {
    const stream = this.#stream
    let trailers: string[] = []
    this.#awaitBody()
    const take = this.#guarded((chunk: Buffer) => {
      this.#pace?.bodyCame(this.#edge.deadlines.now, chunk.length, exchange.minRequestRate)
      this.#awaitBody()
      if (this.#facts) this.#facts.requestBodyBytes += chunk.length
      if (exchange.body(chunk)) return
      this.#holdBody()
      stream.pause()
    })
    stream.on('data', take)
    stream.on('trailers', (_headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      trailers = raw
    })
    const finish = this.#guarded(() => {
      this.#requestEnded = true
      this.#holdBody()
      if (this.#exchange) exchange.bodyEnd(trailers)
    })
    stream.on('end', finish)
  }

  #awaitBody(): void {
    if (this.#requestEnded || this.#responseEnded) return
    const { deadlines, limits } = this.#edge
    if (this.#isConversation) {
      this.#pace?.pauseBody(deadlines.now)
      this.#conversationUntil = deadlines.now + limits.tunnelIdleMs
    } else (this.#pace ??= new ClientPace(limits)).awaitBody(deadlines.now)
    this.#setDeadline()
  }

  #holdBody(): void {
    this.#pace?.pauseBody(this.#edge.deadlines.now)
    this.#conversationUntil = Infinity
    this.#setDeadline()
  }

  #setDeadline(): void {
    // After the response its own deadline applies until the client has read all of it.
    if (this.#responseEnded) return
    this.deadlineAt = Math.min(this.#conversationUntil, this.#pace?.deadlineAt ?? Infinity)
  }

  #refuse(exchange: Exchange): void {
    this.#exchange = null
    exchange.abort()
    if (this.#facts) this.#facts.refusal = lateBody.sentence
    this.page(problemPage(lateBody, ''))
  }

  #onClose(): void {
    this.#edge.deadlines.remove(this)
    this.#exchange?.abort()
    this.#exchange = null
    const isWhole = this.#responseEnded && this.#stream.rstCode === constants.NGHTTP2_NO_ERROR
    this.#facts?.end(this.#edge.observer, isWhole, this.#edge.isDraining)
    this.#facts = null
  }
}

const noTrailers: string[] = []

const carried = Symbol('exchange')
type CarryingStream = ServerHttp2Stream & { [carried]?: Http2Exchange }

/** A reset stream emits `close` next, which is handled. */
const closesNext = (): void => undefined

function onAborted(this: CarryingStream): void {
  this[carried]?.aborted()
}

function onClose(this: CarryingStream): void {
  this[carried]?.closed()
}

/** Pseudo-header fields come first (RFC 9113, section 8.3), as nghttp2 has checked. */
function readPseudoFields(rawHeaders: string[]) {
  const pseudo = { method: '', path: '', authority: '', isWebsocket: false }
  let from = 0
  for (; from < rawHeaders.length && rawHeaders[from]!.startsWith(':'); from += 2) {
    const value = rawHeaders[from + 1]!
    if (rawHeaders[from] === ':method') pseudo.method = value
    else if (rawHeaders[from] === ':path') pseudo.path = value
    else if (rawHeaders[from] === ':authority') pseudo.authority = value
    else if (rawHeaders[from] === ':protocol') pseudo.isWebsocket = value === 'websocket'
  }
  return { pseudo, from }
}

/** Length of the fields as lines of HTTP/1.1, with the empty line after them. */
function linesLength(fields: string[]): number {
  let length = 2 * fields.length + 2
  for (let at = 0; at < fields.length; at += 1) length += fields[at]!.length
  return length
}
