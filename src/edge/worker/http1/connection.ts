import type { Socket } from 'node:net'
import type { Expiring } from '../limits/deadlines.ts'
import type { EdgeState } from '../exchange/edge-state.ts'
import { Exchange } from '../exchange/exchange.ts'
import { guarded } from '../limits/faults.ts'
import { noFields, type Fields } from '../http/fields.ts'
import { Http1Writer } from './writer.ts'
import { HttpParser, type MessageHead } from '../http/http-parser.ts'
import { ExchangeFacts, type ConnectionFacts } from '../observe/observe.ts'
import { takeIncoming } from '../http/incoming.ts'
import { ClientPace, lateBody, type Verdict } from '../limits/pace.ts'
import { problemPage, type Page, type Problem } from '../http/pages.ts'
import { readHttp1Request, type EdgeRequest } from '../http/request.ts'
import { responseLines, type ResponseHead } from '../http/response.ts'
import { fieldLines } from '../http/field-lines.ts'
import type { ClientStream } from '../exchange/client-stream.ts'

/**
 * `head`: between requests or within a head. `counted`, `chunked`: within a body. `answering`: the request is
 * complete. `tunnel`: switched to websocket. `closing`: further input is discarded.
 */
type Phase = 'head' | 'counted' | 'chunked' | 'answering' | 'tunnel' | 'closing'

export class Http1Connection implements ClientStream, Expiring {
  deadlineAt: number
  readonly mayReadMuch = true
  readonly #edge: EdgeState
  readonly #socket: Socket
  readonly #connection: ConnectionFacts
  readonly #parser: HttpParser
  readonly #writer: Http1Writer
  readonly #pace: ClientPace
  #phase: Phase = 'head'
  #exchange: Exchange | null = null
  #request: EdgeRequest | null = null
  #facts: ExchangeFacts | null = null
  #left = 0
  #buffered: Buffer | null = null
  #isConsuming = false
  #keepAlive = true
  #minorVersion = 1
  #hasResponded = false
  #responseEnded = false

  constructor(edge: EdgeState, socket: Socket, connection: ConnectionFacts) {
    this.#edge = edge
    this.#socket = socket
    this.#connection = connection
    this.#parser = new HttpParser('request', edge.limits)
    const guard = (listener: () => void) => guarded((error) => this.endByFault(error), listener)
    this.#writer = new Http1Writer(
      socket,
      connection.secure,
      guard(() => this.#onWritten()),
    )
    this.#pace = new ClientPace(edge.limits)
    this.deadlineAt = edge.deadlines.now + edge.limits.headMs
    edge.deadlines.add(this)
    takeIncoming(socket, (bytes) => this.#onData(bytes))
    socket.on(
      'drain',
      guard(() => this.#onDrain()),
    )
    socket.on(
      'end',
      guard(() => this.#onHalfClose()),
    )
    socket.on('error', () => socket.destroy())
    socket.on(
      'close',
      guard(() => this.#onClose()),
    )
  }

  get isBusy(): boolean {
    return this.#exchange !== null
  }

  /** Ends only this connection after an internal error. */
  endByFault(error: unknown): void {
    this.#edge.fault('A connection failed', error)
    this.cut()
  }

  /** Closes the connection after the current exchange, or an idle one after `lingerMs` without a request. */
  drain(lingerMs: number): void {
    this.#keepAlive = false
    if (this.#phase !== 'head' || !this.#parser.isAtStart) return
    if (lingerMs === 0) this.#close()
    else this.deadlineAt = Math.min(this.deadlineAt, this.#edge.deadlines.after(lingerMs))
  }

  expire(): void {
    try {
      this.#endLate()
    } catch (error) {
      this.endByFault(error)
    }
  }

  informational(status: number, headers: Fields): void {
    const isAwaited = status !== 100 || this.#request?.expectsContinue
    if (this.#minorVersion === 0 || this.#hasResponded || !isAwaited) return
    const reason = status === 100 ? 'Continue' : status === 103 ? 'Early Hints' : 'Processing'
    this.#writer.head(`HTTP/1.1 ${status} ${reason}\r\n${responseLines(headers)}\r\n`, 'none')
  }

  respond(head: ResponseHead): void {
    this.#hasResponded = true
    this.#facts?.answer(head.status)
    if (this.#phase === 'answering') this.deadlineAt = this.#pace.deadlineAt
    const isUncounted = head.hasBody && head.contentLength < 0
    // A response before the end of the request closes the connection: the rest of the request is not read.
    if (this.#phase !== 'answering' || (isUncounted && this.#minorVersion === 0) || this.#edge.isDraining) {
      this.#keepAlive = false
    }
    const isChunked = isUncounted && this.#minorVersion === 1
    this.#writer.head(
      `HTTP/1.1 ${head.status} ${head.reason}\r\n${responseLines(head.headers, head.hop)}` +
        (head.contentLength >= 0 ? `content-length: ${head.contentLength}\r\n` : '') +
        (isChunked ? 'transfer-encoding: chunked\r\n' : '') +
        `${this.#connectionLine()}\r\n`,
      isChunked ? 'chunked' : 'plain',
    )
  }

  accept(head: MessageHead): void {
    this.#hasResponded = true
    this.#facts?.answer(head.status)
    this.#keepAlive = false
    this.#phase = 'tunnel'
    this.#writer.head(
      `HTTP/1.1 101 Switching Protocols\r\n${responseLines(head.headers)}upgrade: websocket\r\nconnection: upgrade\r\n\r\n`,
      'plain',
    )
  }

  data(chunk: Buffer): void {
    this.#writer.data(chunk)
  }

  end(trailers: string[]): void {
    this.#responseEnded = true
    this.#writer.end(fieldLines(trailers))
  }

  flush(): boolean {
    const mayGoOn = this.#writer.flush()
    if (this.#responseEnded) this.#finish()
    else if (this.#phase === 'tunnel' && this.#buffered) this.#consumeBuffered()
    if (!mayGoOn) this.#awaitTaking()
    return mayGoOn
  }

  page(page: Page): void {
    if (this.#phase !== 'answering' || this.#edge.isDraining) this.#keepAlive = false
    const body = this.#request?.method === 'HEAD' ? nothing : page.body
    const head = `HTTP/1.1 ${page.status} ${page.reason}\r\n${fieldLines(page.headers)}${this.#connectionLine()}\r\n`
    this.#writer.headBytes += head.length
    this.#writer.bodyBytes += body.length
    this.#facts?.answer(page.status)
    this.#socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]))
    this.#finish()
  }

  abort(page: Page): void {
    this.#exchange = null
    if (!this.#writer.discardHead()) return this.cut()
    this.#hasResponded = false
    this.page(page)
  }

  resumeBody(): void {
    if (this.#phase === 'closing') return
    this.#awaitBody()
    this.#socket.resume()
  }

  #endLate(): void {
    if (this.#phase === 'head' && !this.#parser.isAtStart) {
      return this.#refuse({ status: 408, sentence: 'The request did not arrive in time.' })
    }
    const isUnderWay = this.#phase !== 'head' && this.#phase !== 'closing'
    const verdict = isUnderWay ? this.#judge() : 'nothing due'
    // The next tick checks again.
    if (verdict === 'waiting') return
    if (verdict === 'request late' && !this.#hasResponded) return this.#refuse(lateBody)
    this.#socket.destroy()
  }

  #onData(bytes: Buffer): void {
    if (this.#phase === 'closing') return
    try {
      if (this.#buffered) this.#hold(Buffer.concat([this.#buffered, bytes]))
      else this.#consume(bytes)
    } catch (error) {
      this.endByFault(error)
    }
  }

  #consume(bytes: Buffer): void {
    this.#isConsuming = true
    let rest = bytes
    while (rest.length > 0 && this.#phase !== 'closing') {
      if (this.#phase === 'answering' || (this.#phase === 'head' && this.#socket.writableNeedDrain)) {
        this.#hold(rest)
        break
      }
      if (this.#phase === 'head') rest = this.#readHead(rest)
      else if (this.#phase === 'counted') rest = this.#readCounted(rest)
      else if (this.#phase === 'chunked') rest = this.#readChunked(rest)
      else rest = this.#readTunnel(rest)
    }
    this.#isConsuming = false
  }

  /** Buffers pipelined input; past the size of a head, backpressure leaves it in the network. */
  #hold(bytes: Buffer): void {
    this.#buffered = bytes
    if (bytes.length > this.#edge.limits.headBytes || this.#socket.writableNeedDrain) this.#socket.pause()
  }

  #consumeBuffered(): void {
    const buffered = this.#buffered
    this.#buffered = null
    if (this.#socket.isPaused()) this.#socket.resume()
    if (buffered) this.#consume(buffered)
  }

  #readHead(bytes: Buffer): Buffer {
    if (this.#parser.isAtStart) this.deadlineAt = this.#edge.deadlines.now + this.#edge.limits.headMs
    const step = this.#parser.execute(bytes)
    const rest = this.#parser.restOf(bytes)
    if (step === 'refused') this.#refuse(this.#refusal())
    else if (step === 'head') this.#onHead(this.#parser.head)
    return rest
  }

  #onHead(head: MessageHead): void {
    this.#minorVersion = head.minorVersion
    this.#keepAlive = head.keepAlive
    const facts = this.#begin(head)
    const request = readHttp1Request(head, this.#connection)
    if ('sentence' in request) return this.#refuse(request)
    this.#request = request
    this.#left = request.bodyLength
    if (request.bodyLength < 0) this.#parser.expectBody()
    else this.#parser.expectMessage()
    this.#phase = request.bodyLength < 0 ? 'chunked' : request.bodyLength > 0 ? 'counted' : 'answering'
    this.#pace.begin()
    if (this.#phase === 'answering') this.deadlineAt = Infinity
    else this.#awaitBody()
    const exchange = new Exchange(this.#edge, request, this, facts)
    this.#exchange = exchange
    exchange.start()
  }

  #readCounted(bytes: Buffer): Buffer {
    const mine = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes
    this.#left -= mine.length
    const exchange = this.#exchange
    if (this.#left === 0) this.#awaitResponse()
    this.#passOn(exchange, mine)
    if (this.#left === 0) exchange?.bodyEnd(noTrailers)
    return mine === bytes ? nothing : bytes.subarray(mine.length)
  }

  #readChunked(bytes: Buffer): Buffer {
    const step = this.#parser.execute(bytes)
    const rest = this.#parser.restOf(bytes)
    if (step === 'refused') {
      this.#refuse(this.#refusal())
      return rest
    }
    const exchange = this.#exchange
    const pieces = this.#parser.body
    if (step === 'end') this.#awaitResponse()
    if (pieces.length > 0) this.#passOn(exchange, pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces))
    if (step === 'end') exchange?.bodyEnd(this.#parser.trailers)
    return rest
  }

  #readTunnel(bytes: Buffer): Buffer {
    this.#passOn(this.#exchange, bytes)
    return nothing
  }

  #passOn(exchange: Exchange | null, bytes: Buffer): void {
    if (!exchange) return
    if (this.#facts) this.#facts.requestBodyBytes += bytes.length
    this.#pace.bodyCame(this.#edge.deadlines.now, bytes.length, exchange.minRequestRate)
    this.#awaitBody()
    if (exchange.body(bytes)) return
    // The origin is slow, which is not the client's fault.
    this.#pace.pauseBody(this.#edge.deadlines.now)
    this.deadlineAt = this.#pace.deadlineAt
    this.#socket.pause()
  }

  #awaitBody(): void {
    const isBody = this.#phase === 'counted' || this.#phase === 'chunked'
    if (isBody) this.#pace.awaitBody(this.#edge.deadlines.now)
    this.deadlineAt = this.#pace.deadlineAt
  }

  #awaitTaking(): void {
    const { deadlines, limits } = this.#edge
    // The rest of a finished response holds no origin, so contention does not matter.
    if (this.#phase === 'closing') this.deadlineAt = deadlines.now + limits.writeStallMs
    if (this.#phase === 'head' || this.#phase === 'closing') return
    this.#pace.awaitTaking(deadlines.now, this.#socket.writableLength)
    this.deadlineAt = this.#pace.deadlineAt
  }

  #judge(): Verdict {
    return this.#pace.judge(this.#edge.deadlines.now, this.#exchange?.isContended ?? false)
  }

  #awaitResponse(): void {
    this.#phase = 'answering'
    this.#pace.pauseBody(this.#edge.deadlines.now)
    this.deadlineAt = this.#pace.deadlineAt
  }

  #begin(head: Pick<MessageHead, 'method' | 'target' | 'headers'>): ExchangeFacts {
    const facts = new ExchangeFacts(this.#connection, head)
    facts.requestHeadBytes = this.#parser.headBytes
    this.#facts = facts
    this.#writer.begin()
    return facts
  }

  #reportEnd(isWhole: boolean): void {
    const facts = this.#facts
    if (!facts) return
    this.#facts = null
    facts.responseHeadBytes = this.#writer.headBytes
    facts.responseBodyBytes = this.#writer.bodyBytes
    facts.end(this.#edge.observer, isWhole, this.#edge.isDraining)
  }

  #finish(): void {
    this.#reportEnd(true)
    this.#exchange = null
    this.#request = null
    if (!this.#keepAlive || this.#phase !== 'answering') return this.#close()
    this.#phase = 'head'
    this.#hasResponded = false
    this.#responseEnded = false
    this.deadlineAt = this.#edge.deadlines.now + this.#edge.limits.keepAliveMs
    if (!this.#isConsuming && !this.#socket.writableNeedDrain) this.#consumeBuffered()
  }

  #refusal(): Problem {
    if (this.#parser.tooLarge)
      return { status: 431, sentence: 'The request has too many or too long header fields.' }
    return { status: 400, sentence: `The request is not valid HTTP/1.1. ${this.#parser.refusal}.` }
  }

  /** Answers a malformed request; nothing after it on this connection can be trusted. */
  #refuse(problem: Problem): void {
    this.#exchange?.abort()
    this.#exchange = null
    const facts = this.#facts ?? this.#begin(unreadable)
    facts.refusal = problem.sentence
    this.#keepAlive = false
    this.#request = null
    if (this.#hasResponded) return this.cut()
    this.page(problemPage(problem, ''))
  }

  /** Sends pending output and a FIN, then reads on briefly so that a reset does not overtake it. */
  #close(): void {
    this.#phase = 'closing'
    this.#buffered = null
    this.deadlineAt = this.#lingerUntil()
    this.#socket.end()
    this.#socket.resume()
  }

  /** Closes the connection at once, so that the client sees an incomplete response. */
  cut(): void {
    this.#phase = 'closing'
    this.#socket.destroy()
  }

  #connectionLine(): string {
    if (!this.#keepAlive) return 'connection: close\r\n'
    return this.#minorVersion === 0 ? 'connection: keep-alive\r\n' : ''
  }

  #onWritten(): void {
    const exchange = this.#exchange
    if (!exchange) return
    this.#pace.taken(this.#edge.deadlines.now, exchange.minResponseRate)
    this.deadlineAt = this.#pace.deadlineAt
    exchange.resume()
  }

  /**
   * Handles the client's FIN. TCP does not tell a half-close after a whole request from a client that has
   * gone. A response that has not begun gets a moment; streaming responses and incomplete requests end.
   */
  #onHalfClose(): void {
    this.#keepAlive = false
    if (this.#phase === 'head' && this.#parser.isAtStart) this.#close()
    else if (this.#phase === 'tunnel') this.#exchange?.bodyEnd(noTrailers)
    else if (this.#phase === 'answering' && !this.#hasResponded) this.deadlineAt = this.#lingerUntil()
    else if (this.#phase !== 'closing') this.cut()
  }

  #lingerUntil(): number {
    return this.#edge.deadlines.now + this.#edge.limits.lingerMs
  }

  #onDrain(): void {
    if (this.#phase === 'head' && this.#buffered) this.#consumeBuffered()
  }

  #onClose(): void {
    this.#edge.deadlines.remove(this)
    this.#parser.close()
    this.#exchange?.abort()
    this.#exchange = null
    this.#reportEnd(false)
  }
}

const nothing = Buffer.alloc(0)
const unreadable = { method: '', target: '', headers: noFields }
const noTrailers: string[] = []
