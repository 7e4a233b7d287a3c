import type { Socket } from 'node:net'
import type { ConnectionError } from '../http2-protocol/codes.ts'
import { Http2Endpoint, type EndpointEvents } from '../http2-protocol/endpoint.ts'
import type { Deadlines, Expiring } from '../limits/deadlines.ts'
import type { Share } from '../limits/fair-share.ts'
import { guarded } from '../limits/faults.ts'
import type { ConnectionOptions } from './connect-attempt.ts'
import type { Opening } from './upstream-carrier.ts'
import { Http2UpstreamStream } from './upstream-http2-stream.ts'

export interface SessionEvents {
  onReady(): void
  onError(error: Error): void
  onEnded(holder: Share<unknown>): void
  onCapacity(): void
  onClosed(): void
}

/**
 * One HTTP/2 connection to an origin. It is ready only when the origin's SETTINGS have come: no request is
 * sent before, so that a failure until then is safe to retry elsewhere.
 */
export class Http2UpstreamSession implements EndpointEvents, Expiring {
  deadlineAt = Infinity
  isReused = false
  readonly opening: Opening
  readonly #endpoint: Http2Endpoint
  readonly #socket: Socket
  readonly #deadlines: Deadlines
  readonly #options: ConnectionOptions
  readonly #events: SessionEvents
  #isReady = false
  #isClosed = false
  #isPinging = false
  #streams = 0

  constructor(socket: Socket, opening: Opening, options: ConnectionOptions, events: SessionEvents) {
    const { deadlines, limits } = options
    this.#socket = socket
    this.opening = opening
    this.#options = options
    this.#deadlines = deadlines
    this.#events = events
    this.#endpoint = new Http2Endpoint(socket, {
      isServer: false,
      limits,
      now: () => deadlines.now,
      events: this,
    })
    const onClose = guarded(
      (error) => this.onFault(error),
      () => this.#onSocketClosed(),
    )
    socket.on('error', (error) => events.onError(error)).once('close', onClose)
  }

  get hasCapacity(): boolean {
    return !this.#isClosed && !this.#endpoint.isClosing && this.#streams < this.mostStreams
  }

  get mostStreams(): number {
    return Math.min(this.#endpoint.peerStreams, this.#options.limits.streamsPerSession)
  }

  openStream(holder: Share<unknown>): Http2UpstreamStream {
    const stream = new Http2UpstreamStream(this.#endpoint, this, this.#options, {
      onActivity: () => this.#awaitActivity(),
      onEnd: () => this.#onStreamEnd(holder),
    })
    this.#streams += 1
    this.isReused = true
    this.#awaitActivity()
    return stream
  }

  /** Accepts no more streams; closes after the last one. */
  retire(): void {
    if (this.#isClosed) return
    this.#close()
    this.#endpoint.close()
    this.#awaitActivity()
  }

  /** Handles long silence: closes an idle session, sends a PING on one with streams. */
  expire(): void {
    if (this.#isClosed && this.#streams === 0) return void this.#socket.destroy()
    if (this.#streams === 0) return this.retire()
    if (this.#isPinging) return void this.#socket.destroy()
    this.#isPinging = true
    this.deadlineAt = this.#deadlines.now + this.#options.limits.pingAnswerMs
    this.#endpoint.ping()
  }

  onSettings(): void {
    if (this.#isReady) return this.#events.onCapacity()
    // Until it allows a stream, the timeout for connecting applies.
    if (this.mostStreams === 0) return
    this.#isReady = true
    this.#deadlines.add(this)
    this.#awaitActivity()
    this.#events.onReady()
  }

  onGoAway(): void {
    this.retire()
  }

  onPong(): void {
    this.#awaitActivity()
  }

  onStreamClosed(): void {
    this.#awaitActivity()
  }

  onFailed(error: ConnectionError): void {
    this.#events.onError(Object.assign(new Error(error.message), { code: 'ERR_HTTP2' }))
    this.#close()
    this.#awaitActivity()
    if (!this.#isReady) this.#socket.destroy()
  }

  /** Ends only this connection with its streams after an internal error. */
  onFault(error: unknown): void {
    this.#options.fault('A connection to an origin failed', error)
    this.#socket.destroy()
  }

  #onSocketClosed(): void {
    this.#deadlines.remove(this)
    this.#endpoint.onSocketClosed()
    this.#close()
  }

  #awaitActivity(): void {
    this.#isPinging = false
    const { sessionIdleMs, pingAfterMs, lingerMs } = this.#options.limits
    // The other end may never close.
    const idleMs = this.#isClosed ? lingerMs : sessionIdleMs
    this.deadlineAt = this.#deadlines.now + (this.#streams === 0 ? idleMs : pingAfterMs)
  }

  #onStreamEnd(holder: Share<unknown>): void {
    this.#streams -= 1
    this.#events.onEnded(holder)
    this.#awaitActivity()
    if (!this.#isClosed) this.#events.onCapacity()
  }

  #close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.#isReady) this.#events.onClosed()
  }
}
