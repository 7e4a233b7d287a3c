import { connect, type ClientHttp2Session, type Settings } from 'node:http2'
import type { Socket } from 'node:net'
import { keepSession } from '../../protocol/keep-session.ts'
import type { Deadlines, Expiring } from '../limits/deadlines.ts'
import type { Share } from '../limits/fair-share.ts'
import { guarded } from '../limits/faults.ts'
import type { ConnectionOptions } from './connect-attempt.ts'
import { Http2UpstreamStream } from './upstream-http2-stream.ts'
import type { Opening } from './upstream-carrier.ts'

export interface SessionEvents {
  onReady(): void
  onError(error: Error): void
  onEnded(holder: Share<unknown>): void
  onCapacity(): void
  onClosed(): void
}

/**
 * One HTTP/2 connection to an origin. It is ready only when the origin's SETTINGS have come: nothing is sent
 * before, so that a failure until then is safe to retry elsewhere.
 */
export class Http2UpstreamSession implements Expiring {
  deadlineAt = Infinity
  isReused = false
  readonly opening: Opening
  readonly #session: ClientHttp2Session
  readonly #socket: Socket
  readonly #deadlines: Deadlines
  readonly #options: ConnectionOptions
  readonly #events: SessionEvents
  #isReady = false
  #isClosed = false
  #isPinging = false
  #streams = 0
  #mostStreams = 0

  constructor(socket: Socket, opening: Opening, options: ConnectionOptions, events: SessionEvents) {
    const { deadlines, limits } = options
    this.#socket = socket
    this.opening = opening
    this.#options = options
    this.#deadlines = deadlines
    this.#events = events
    this.#session = connect('http://origin', {
      createConnection: () => socket,
      settings: {
        enablePush: false,
        initialWindowSize: windowBytes,
        maxHeaderListSize: limits.headBytes,
      },
      maxHeaderListPairs: limits.headerFields,
    })
    keepSession(this.#session)
    // One slow stream must not use up the connection's window.
    const widen = this.#guarded(() => this.#session.setLocalWindowSize(16 * windowBytes))
    const onSettings = this.#guarded(({ maxConcurrentStreams }: Settings) =>
      this.#onSettings(maxConcurrentStreams),
    )
    const retire = this.#guarded(() => this.retire())
    this.#session.once('connect', widen).on('remoteSettings', onSettings).on('goaway', retire)
    this.#session.on('error', (error) => events.onError(error))
    const onClose = this.#guarded(() => {
      deadlines.remove(this)
      this.#close()
    })
    socket.once('close', onClose)
  }

  get hasCapacity(): boolean {
    return !this.#isClosed && !this.#session.closed && this.#streams < this.#mostStreams
  }

  get mostStreams(): number {
    return this.#mostStreams
  }

  openStream(holder: Share<unknown>): Http2UpstreamStream {
    const stream = new Http2UpstreamStream(this.#session, this, this.#options, {
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
    this.#session.close()
    this.#awaitActivity()
  }

  /** Handles long silence: closes an idle session, sends a PING on one with streams. */
  expire(): void {
    if (this.#isClosed && this.#streams === 0) return void this.#socket.destroy()
    if (this.#streams === 0) return this.retire()
    if (this.#isPinging) return this.#session.destroy()
    this.#isPinging = true
    this.deadlineAt = this.#deadlines.now + this.#options.limits.pingAnswerMs
    this.#session.ping(this.#guarded(() => this.#awaitActivity()))
  }

  /** Ends only this connection with its streams after an internal error. */
  #guarded<Args extends unknown[]>(listener: (...args: Args) => void): (...args: Args) => void {
    return guarded((error) => {
      this.#options.fault('A connection to an origin failed', error)
      this.#socket.destroy()
    }, listener)
  }

  #onSettings(maxConcurrentStreams: number | undefined): void {
    this.#mostStreams = Math.min(maxConcurrentStreams ?? Infinity, this.#options.limits.streamsPerSession)
    if (this.#isReady) return this.#events.onCapacity()
    this.#isReady = true
    this.#deadlines.add(this)
    this.#awaitActivity()
    this.#events.onReady()
  }

  #awaitActivity(): void {
    this.#isPinging = false
    const { sessionIdleMs, pingAfterMs, lingerMs } = this.#options.limits
    // Node waits for the other end to close too, which may never happen.
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

const windowBytes = 1024 * 1024
