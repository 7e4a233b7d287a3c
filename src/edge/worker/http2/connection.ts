import type { TLSSocket } from 'node:tls'
import type { EdgeState } from '../exchange/edge-state.ts'
import type { Expiring } from '../limits/deadlines.ts'
import { guarded } from '../limits/faults.ts'
import type { ConnectionFacts } from '../observe/observe.ts'
import { Http2Exchange } from './stream.ts'
import { errorCodes } from '../http2-protocol/codes.ts'
import { Http2Endpoint, type EndpointEvents } from '../http2-protocol/endpoint.ts'
import type { RequestHead } from '../http2-protocol/message-rules.ts'
import type { Http2Stream } from '../http2-protocol/stream.ts'

/** Client's connection of HTTP/2. */
export class Http2Connection implements EndpointEvents, Expiring {
  deadlineAt: number
  readonly #edge: EdgeState
  readonly #socket: TLSSocket
  readonly #facts: ConnectionFacts
  readonly #endpoint: Http2Endpoint
  #hasBeenUsed = false
  #isAnnounced = false
  #isEnding = false

  constructor(edge: EdgeState, socket: TLSSocket, facts: ConnectionFacts) {
    this.#edge = edge
    this.#socket = socket
    this.#facts = facts
    this.deadlineAt = edge.deadlines.now + edge.limits.headMs
    edge.deadlines.add(this)
    const { limits, deadlines } = edge
    this.#endpoint = new Http2Endpoint(socket, {
      isServer: true,
      limits,
      now: () => deadlines.now,
      events: this,
    })
    const onClose = guarded(
      (error) => this.#edge.fault('A connection failed', error),
      () => this.#onClose(),
    )
    socket.on('error', () => socket.destroy()).once('end', () => socket.destroy())
    socket.once('close', onClose)
  }

  get isBusy(): boolean {
    return this.#endpoint.streamCount > 0
  }

  /**
   * Closes the connection after its last stream. With `lingerMs` it first announces the end and accepts
   * streams that are already on their way (RFC 9113, section 6.8). A new connection sends the announcement
   * after its first stream, because its client is about to open one.
   */
  drain(lingerMs: number): void {
    if (lingerMs === 0) return this.#end()
    if (this.#hasBeenUsed) this.#announceEnd()
    if (!this.isBusy) this.deadlineAt = this.#edge.deadlines.after(lingerMs)
  }

  expire(): void {
    if (this.#isEnding) this.#socket.destroy()
    else this.#end()
  }

  onStream(stream: Http2Stream, head: RequestHead, isEnd: boolean): void {
    this.#hasBeenUsed = true
    this.deadlineAt = Infinity
    const exchange = new Http2Exchange(this.#edge, stream, this.#facts)
    stream.events = exchange
    exchange.start(head, isEnd)
  }

  onLargeHead(stream: Http2Stream): void {
    this.#hasBeenUsed = true
    stream.sendHead([':status', '431'], true)
    stream.reset(errorCodes.none)
  }

  onStreamClosed(): void {
    if (this.#edge.isDraining) this.#announceEnd()
    if (this.isBusy) return
    const { keepAliveMs, lingerMs } = this.#edge.limits
    const isLast = this.#isEnding || this.#edge.isDraining
    this.deadlineAt = this.#edge.deadlines.now + (isLast ? lingerMs : keepAliveMs)
  }

  onFailed(): void {
    this.#isEnding = true
    this.deadlineAt = this.#edge.deadlines.now + this.#edge.limits.lingerMs
  }

  onFault(error: unknown): void {
    this.#edge.fault('A connection failed', error)
  }

  #announceEnd(): void {
    if (this.#isAnnounced) return
    this.#isAnnounced = true
    this.#endpoint.announceEnd()
  }

  /** A connection with open streams is not ended by time. */
  #end(): void {
    this.#isEnding = true
    this.#endpoint.close()
    this.deadlineAt = this.isBusy ? Infinity : this.#edge.deadlines.now + this.#edge.limits.lingerMs
  }

  #onClose(): void {
    this.#edge.deadlines.remove(this)
    this.#endpoint.onSocketClosed()
  }
}
