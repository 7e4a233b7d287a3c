import type { ClientStream } from '../exchange/client-stream.ts'
import type { EdgeState } from '../exchange/edge-state.ts'
import { Exchange } from '../exchange/exchange.ts'
import { ListedFields, type Fields } from '../http/fields.ts'
import type { MessageHead } from '../http/http-parser.ts'
import { faultProblem, problemPage, type Page } from '../http/pages.ts'
import { readHttp2Request } from '../http/request.ts'
import { addResponseFields, type ResponseHead } from '../http/response.ts'
import { withHandshakeKey } from '../http/websocket-handshake.ts'
import type { Expiring } from '../limits/deadlines.ts'
import { containFaults } from '../limits/faults.ts'
import { ClientPace, lateBody } from '../limits/pace.ts'
import { ExchangeFacts, type ConnectionFacts } from '../observe/observe.ts'
import { errorCodes } from '../http2-protocol/codes.ts'
import type { RequestHead } from '../http2-protocol/message-rules.ts'
import type { Http2Stream, StreamEvents } from '../http2-protocol/stream.ts'

export class Http2Exchange implements ClientStream, StreamEvents, Expiring {
  deadlineAt = Infinity
  readonly #edge: EdgeState
  readonly #stream: Http2Stream
  readonly #connection: ConnectionFacts
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
  /** The final head has been sent. */
  #hasResponded = false
  #responseEnded = false
  /** A response of the edge's own replaces one that cannot be sent. */
  #isGivenUp = false
  /** Final head that the next flush sends. */
  #head: string[] | null = null
  #pieces: Buffer[] = []
  #trailers: string[] = noTrailers

  constructor(edge: EdgeState, stream: Http2Stream, connection: ConnectionFacts) {
    this.#edge = edge
    this.#stream = stream
    this.#connection = connection
    edge.deadlines.add(this)
  }

  get mayReadMuch(): boolean {
    return this.#stream.mayReadMuch
  }

  /** Ends only this stream after an internal error. */
  endByFault(error: unknown): void {
    this.#edge.fault('A stream failed', error)
    this.#exchange?.abort()
    this.cut()
  }

  start(head: RequestHead, isEnd: boolean): void {
    const headers = new ListedFields(head.fields)
    const facts = new ExchangeFacts(this.#connection, { method: head.method, target: head.path, headers })
    facts.requestHeadBytes = linesLength(head.fields)
    this.#facts = facts
    const request = readHttp2Request(head, headers, head.from / 2, isEnd, this.#connection)
    this.#isHead = head.method === 'HEAD'
    this.#requestEnded = isEnd
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
    if (!isEnd) this.#awaitBody()
    exchange.start()
    // The request is whole, or the client has half-closed its websocket; the origin must learn that.
    if (isEnd && this.#isWebsocket) exchange.bodyEnd(noTrailers)
  }

  expire(): void {
    const exchange = this.#exchange
    const verdict = this.#pace?.judge(this.#edge.deadlines.now, exchange?.isContended ?? false)
    // The next tick checks again.
    if (exchange && verdict === 'waiting' && this.#conversationUntil > this.#edge.deadlines.now) return
    if (exchange && verdict === 'request late' && !this.#hasResponded) return this.#refuse(exchange)
    this.#stream.reset(errorCodes.cancel)
  }

  onData(bytes: Buffer): boolean {
    const exchange = this.#exchange
    if (!exchange) return true
    this.#pace?.bodyCame(this.#edge.deadlines.now, bytes.length, exchange.minRequestRate)
    this.#awaitBody()
    if (this.#facts) this.#facts.requestBodyBytes += bytes.length
    if (exchange.body(bytes)) return true
    this.#holdBody()
    return false
  }

  onEnd(trailers: string[]): void {
    this.#requestEnded = true
    this.#holdBody()
    this.#exchange?.bodyEnd(trailers)
  }

  onDrain(): void {
    const exchange = this.#exchange
    if (!exchange) return
    this.#pace?.taken(this.#edge.deadlines.now, exchange.minResponseRate)
    this.#setDeadline()
    exchange.resume()
  }

  onClose(code: number): void {
    this.#edge.deadlines.remove(this)
    const exchange = this.#exchange
    this.#exchange = null
    exchange?.abort()
    const facts = this.#facts
    this.#facts = null
    facts?.end(this.#edge.observer, this.#responseEnded && code === errorCodes.none, this.#edge.isDraining)
  }

  informational(status: number, headers: Fields): void {
    // HTTP/2 switches protocols in another way (RFC 9113, section 8.6).
    if (status === 101 || this.#hasResponded) return
    const fields = [':status', String(status)]
    addResponseFields(fields, headers)
    // The final response does not depend on it.
    if (!this.#stream.sendHead(fields, false))
      this.#edge.log('warn', 'An interim answer was left out', { status })
  }

  respond(head: ResponseHead): void {
    // HTTP/1.1 declines with any status but 101; in HTTP/2 each 2xx accepts (RFC 8441, section 5).
    const status = this.#isWebsocket && head.status < 300 ? 502 : head.status
    const fields = [':status', String(status)]
    addResponseFields(fields, head.headers, head.hop)
    if (head.contentLength >= 0) fields.push('content-length', String(head.contentLength))
    this.#answer(status, fields)
  }

  accept(head: MessageHead): void {
    const fields = [':status', '200']
    const forwarded = head.headers
      .list()
      .filter((_, at, all) => all[at - (at % 2)]!.toLowerCase() !== 'sec-websocket-accept')
    addResponseFields(fields, new ListedFields(forwarded))
    this.#answer(200, fields)
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
    if (pieces.length > 0) this.#pieces = []
    const bytes = pieces.length === 1 ? pieces[0]! : pieces.length === 0 ? nothing : Buffer.concat(pieces)
    if (!this.#sendHead(this.#responseEnded && bytes.length + this.#trailers.length === 0)) return true
    if (this.#facts) this.#facts.responseBodyBytes += bytes.length
    if (this.#responseEnded) {
      this.#finish(bytes, this.#trailers)
      return true
    }
    if (bytes.length === 0 || this.#stream.send(bytes, null)) return true
    this.#pace ??= new ClientPace(this.#edge.limits)
    this.#pace.awaitTaking(this.#edge.deadlines.now, this.#stream.unsentBytes)
    this.#setDeadline()
    return false
  }

  page(page: Page): void {
    this.#responseEnded = true
    const body = this.#isHead ? nothing : page.body
    this.#answer(page.status, [':status', String(page.status), ...page.headers])
    if (!this.#sendHead(body.length === 0)) return
    if (this.#facts) this.#facts.responseBodyBytes += body.length
    this.#finish(body, noTrailers)
  }

  abort(page: Page): void {
    if (this.#head === null) return this.cut()
    this.#exchange = null
    this.#pieces = []
    this.page(page)
  }

  cut(): void {
    this.#exchange = null
    this.#stream.reset(errorCodes.internal)
  }

  resumeBody(): void {
    this.#awaitBody()
    this.#stream.resume()
  }

  converse(): void {
    this.#isConversation = true
    this.#awaitBody()
  }

  /** Only the origin sets the Date. */
  #answer(status: number, fields: string[]): void {
    this.#hasResponded = true
    this.#head = fields
    this.#facts?.answer(status)
  }

  /** Sends the final head if it is due. False: it cannot be sent, which `#onUnsent` has handled. */
  #sendHead(isEnd: boolean): boolean {
    const head = this.#head
    if (head === null) return true
    this.#head = null
    if (!this.#stream.sendHead(head, isEnd)) {
      this.#onUnsent()
      return false
    }
    if (this.#facts) this.#facts.responseHeadBytes += linesLength(head)
    return true
  }

  /** Replaces a response with fields that HTTP/2 forbids by an error page. */
  #onUnsent(): void {
    this.#edge.log('warn', 'An answer cannot be sent over HTTP/2', {})
    this.#exchange?.abort()
    this.#exchange = null
    if (this.#isGivenUp) return this.cut()
    this.#isGivenUp = true
    this.page(problemPage(faultProblem, ''))
  }

  #finish(bytes: Buffer, trailers: string[]): void {
    this.#exchange = null
    const stream = this.#stream
    this.deadlineAt = this.#edge.deadlines.now + this.#edge.limits.writeStallMs
    stream.send(bytes, trailers)
    // The rest of the request is dropped (RFC 9113, section 8.1).
    stream.resume()
    stream.abandonOnceSent()
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
}

containFaults(Http2Exchange.prototype)

const noTrailers: string[] = []
const nothing = Buffer.alloc(0)

/** Length of the fields as lines of HTTP/1.1, with the empty line after them. */
function linesLength(fields: string[]): number {
  let length = 2 * fields.length + 2
  for (let at = 0; at < fields.length; at += 1) length += fields[at]!.length
  return length
}
