import { randomBytes } from 'node:crypto'
import {
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  type ServerStreamResponseOptions,
} from 'node:http2'
import type { Expiring } from './deadlines.ts'
import type { EdgeState } from './edge-state.ts'
import { Exchange, type ClientStream } from './exchange.ts'
import { ListedFields, type Fields } from './fields.ts'
import { fieldObject } from './headers.ts'
import type { MessageHead } from './http-parser.ts'
import { ExchangeFacts, type ConnectionFacts } from './observe.ts'
import { ClientPace, lateBody } from './pace.ts'
import { problemPage, type Page } from './pages.ts'
import { readHttp2Request, type EdgeRequest } from './request.ts'
import { addResponseFields } from './response-fields.ts'
import type { ResponseHead } from './upstream-response.ts'

/** One stream of a client's HTTP/2 connection: a request and its response. */
export class Http2Exchange implements ClientStream, Expiring {
  deadlineAt = Infinity
  readonly #edge: EdgeState
  readonly #stream: ServerHttp2Stream
  #exchange: Exchange | null = null
  #facts: ExchangeFacts | null = null
  #isHead = false
  #requestEnded = false
  #isConversation = false
  /** Until when either side of a conversation may be silent. */
  #conversationUntil = Infinity
  /** Of a request with a body, or a response that is not taken. */
  #pace: ClientPace | null = null
  #responseEnded = false
  #pieces: Buffer[] = []
  #trailers: string[] = []

  /** `onEnd` is called once, when the stream is closed. */
  constructor(edge: EdgeState, stream: ServerHttp2Stream, onEnd: () => void) {
    this.#edge = edge
    this.#stream = stream
    edge.deadlines.add(this)
    // A reset stream is closed next, and that is what counts.
    stream.on('error', closesNext)
    stream.on('close', () => {
      this.#onClose()
      onEnd()
    })
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
    // What a websocket says is not a body that is due.
    this.#isConversation = request.upgrade !== null
    const sent = request.upgrade ? websocketHandshake(request) : request
    this.#exchange = new Exchange(this.#edge, sent, this, facts)
    if (!endsWithHead) this.#readBody(this.#exchange)
    this.#exchange.start()
  }

  expire(): void {
    const exchange = this.#exchange
    const verdict = this.#pace?.judge(this.#edge.deadlines.now, exchange?.isContended ?? false)
    // Asked again with the next tick.
    if (exchange && verdict === 'waiting' && this.#conversationUntil > this.#edge.deadlines.now) return
    if (exchange && verdict === 'request late' && !this.#stream.headersSent) return this.#refuse(exchange)
    this.#stream.close(constants.NGHTTP2_CANCEL)
  }

  informational(status: number, headers: Fields): void {
    if (this.#stream.destroyed || this.#stream.headersSent) return
    const fields: string[] = []
    addResponseFields(fields, headers)
    this.#stream.additionalHeaders({ ':status': status, ...fieldObject(fields) })
  }

  respond(head: ResponseHead): void {
    if (this.#stream.destroyed) return
    this.#facts?.answer(head.status)
    const fields = [':status', String(head.status)]
    addResponseFields(fields, head.headers, head.hop)
    if (head.contentLength >= 0) fields.push('content-length', String(head.contentLength))
    const endStream = !head.hasBody || head.contentLength === 0
    // Only an uncounted body can have trailers.
    const waitForTrailers = !endStream && head.contentLength < 0
    this.#respond(fields, endStream, waitForTrailers)
    if (waitForTrailers)
      this.#stream.once('wantTrailers', () => this.#stream.sendTrailers(fieldObject(this.#trailers)))
  }

  accept(head: MessageHead): void {
    if (this.#stream.destroyed) return
    this.#facts?.answer(200)
    const fields = [':status', '200']
    const kept = head.headers
      .list()
      .filter((_, at, all) => all[at - (at % 2)]!.toLowerCase() !== 'sec-websocket-accept')
    addResponseFields(fields, new ListedFields(kept))
    this.#respond(fields, false)
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
    stream.once('drain', () => {
      const exchange = this.#exchange
      if (!exchange) return
      pace.taken(this.#edge.deadlines.now, exchange.minResponseRate)
      this.#setDeadline()
      exchange.resume()
    })
    return false
  }

  page(page: Page): void {
    if (this.#stream.destroyed) return
    this.#responseEnded = true
    this.#facts?.answer(page.status)
    this.#respond([':status', String(page.status), ...page.headers], this.#isHead)
    if (this.#facts && !this.#isHead) this.#facts.responseBodyBytes += page.body.length
    this.#finish(this.#isHead ? null : page.body)
  }

  abort(): void {
    this.#exchange = null
    // `close` would end the stream before it resets it, so that a cut body could be taken for a whole one.
    this.#stream.destroy(new Error('the origin gave no complete response'))
  }

  resumeBody(): void {
    this.#awaitBody()
    this.#stream.resume()
  }

  converse(): void {
    this.#isConversation = true
    this.#awaitBody()
  }

  /** The date is the origin's to give. */
  #respond(fields: string[], endStream: boolean, waitForTrailers = false): void {
    if (this.#facts) this.#facts.responseHeadBytes += linesLength(fields)
    const options: ServerStreamResponseOptions & { sendDate: boolean } = {
      endStream,
      waitForTrailers,
      sendDate: false,
    }
    this.#stream.respond(fields, options)
  }

  #finish(bytes: Buffer | null): void {
    this.#exchange = null
    const stream = this.#stream
    if (!stream.writableEnded) {
      if (bytes) stream.end(bytes)
      else stream.end()
    }
    this.deadlineAt = this.#edge.deadlines.now + this.#edge.limits.writeStallMs
    // The rest of the request is not wanted (RFC 9113, section 8.1).
    if (!this.#requestEnded) stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR))
  }

  #readBody(exchange: Exchange): void {
    const stream = this.#stream
    let trailers: string[] = []
    this.#awaitBody()
    stream.on('data', (chunk: Buffer) => {
      this.#pace?.bodyCame(this.#edge.deadlines.now, chunk.length, exchange.minRequestRate)
      this.#awaitBody()
      if (this.#facts) this.#facts.requestBodyBytes += chunk.length
      if (exchange.body(chunk)) return
      this.#holdBody()
      stream.pause()
    })
    stream.on('trailers', (_headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      trailers = raw
    })
    stream.on('end', () => {
      this.#requestEnded = true
      this.#holdBody()
      if (this.#exchange) exchange.bodyEnd(trailers)
    })
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

  /** No more of the body is due, for the moment or at all. */
  #holdBody(): void {
    this.#pace?.pauseBody(this.#edge.deadlines.now)
    this.#conversationUntil = Infinity
    this.#setDeadline()
  }

  #setDeadline(): void {
    // After the response another one holds, until the client has taken all of it.
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

const closesNext = (): void => undefined

interface PseudoFields {
  method: string
  path: string
  authority: string
  isWebsocket: boolean
}

/** Pseudo-header fields come first (RFC 9113, section 8.3); nghttp2 has seen to that. */
function readPseudoFields(rawHeaders: string[]): { pseudo: PseudoFields; from: number } {
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

/** The handshake of RFC 6455 for a websocket that was opened by RFC 8441, which has no key. */
function websocketHandshake(request: EdgeRequest): EdgeRequest {
  const key = randomBytes(16).toString('base64')
  return { ...request, method: 'GET', lines: `${request.lines}sec-websocket-key: ${key}\r\n` }
}

/** How long the lines of these fields are in HTTP/1.1, with the empty one after them. */
function linesLength(fields: string[]): number {
  let length = 2 * fields.length + 2
  for (let at = 0; at < fields.length; at += 1) length += fields[at]!.length
  return length
}
