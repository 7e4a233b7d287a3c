import {
  constants,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { keepSession } from '../../protocol/keep-session.ts'
import type { Expiring } from '../limits/deadlines.ts'
import type { EdgeState } from '../exchange/edge-state.ts'
import { Http2Exchange } from './stream.ts'
import type { ConnectionFacts } from '../observe/observe.ts'

export class Http2Connection implements Expiring {
  deadlineAt: number
  readonly #edge: EdgeState
  readonly #session: ServerHttp2Session
  #streams = 0
  #hasBeenUsed = false
  #isAnnounced = false
  readonly #onStreamEnd = (): void => {
    this.#streams -= 1
    if (this.#edge.isDraining) this.#announceEnd()
    if (this.#streams > 0) return
    const { keepAliveMs, lingerMs } = this.#edge.limits
    this.deadlineAt = this.#edge.deadlines.now + (this.#edge.isDraining ? lingerMs : keepAliveMs)
  }

  constructor(edge: EdgeState, socket: TLSSocket, facts: ConnectionFacts) {
    this.#edge = edge
    this.deadlineAt = edge.deadlines.now + edge.limits.headMs
    edge.deadlines.add(this)
    this.#session = performServerHandshake(socket, {
      settings: {
        initialWindowSize: 1024 * 1024,
        maxConcurrentStreams: edge.limits.concurrentStreams,
        maxHeaderListSize: edge.limits.headBytes,
        // Websockets over HTTP/2 (RFC 8441).
        enableConnectProtocol: true,
      },
      maxHeaderListPairs: edge.limits.headerFields,
      maxSessionInvalidFrames: 100,
      // Duplicate fields of an origin are passed on unchanged; Node would throw.
      strictSingleValueFields: false,
      // Leaving a page cancels its requests; a client that keeps cancelling is an attack (CVE-2023-44487).
      streamResetBurst: 200,
      streamResetRate: 50,
    })
    keepSession(this.#session)
    this.#session.on('stream', (stream, _headers, _flags, rawHeaders) =>
      this.#onStream(stream, rawHeaders as string[], facts),
    )
    socket.once('end', () => socket.destroy())
    // A broken connection ends its streams, which report it themselves.
    this.#session.on('error', () => undefined)
    this.#session.on('close', () => edge.deadlines.remove(this))
  }

  get isBusy(): boolean {
    return this.#streams > 0
  }

  /**
   * Closes the connection after its last stream. With `lingerMs` it first announces the end and accepts
   * streams that are already on their way (RFC 9113, section 6.8). A new connection sends the announcement
   * after its first stream, because its client is about to open one.
   */
  drain(lingerMs: number): void {
    if (lingerMs === 0) return this.#session.close()
    if (this.#hasBeenUsed) this.#announceEnd()
    if (this.#streams === 0) this.deadlineAt = this.#edge.deadlines.after(lingerMs)
  }

  expire(): void {
    this.deadlineAt = this.#edge.deadlines.now + this.#edge.limits.lingerMs
    if (this.#session.closed) this.#session.destroy()
    else this.#session.close()
  }

  #announceEnd(): void {
    if (this.#isAnnounced || this.#session.closed || this.#session.destroyed) return
    this.#isAnnounced = true
    this.#session.goaway(constants.NGHTTP2_NO_ERROR, highestStreamId)
  }

  #onStream(stream: ServerHttp2Stream, rawHeaders: string[], connection: ConnectionFacts): void {
    this.#streams += 1
    this.#hasBeenUsed = true
    this.deadlineAt = Infinity
    const exchange = new Http2Exchange(this.#edge, stream, this.#onStreamEnd)
    try {
      exchange.start(rawHeaders, stream.endAfterHeaders, connection)
    } catch (error) {
      exchange.endByFault(error)
    }
  }
}

/** A GOAWAY with it leaves open which stream will be the last. */
const highestStreamId = 2 ** 31 - 1
