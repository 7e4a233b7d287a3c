import { bounds } from './bounds.ts'
import { ClosedStreams, type Closing } from './closed-streams.ts'
import {
  ConnectionError,
  defaultWindow,
  errorCodes,
  highestStreamId,
  largestWindow,
  type ErrorCode,
} from './codes.ts'
import { ReceiveWindow } from './receive-window.ts'
import type { Sender } from './sender.ts'
import { Http2Stream, type StreamOwner } from './stream.ts'
import { TokenBucket } from './token-bucket.ts'

export interface StreamTableOptions {
  sender: Sender
  isServer: boolean
  /** Clock in milliseconds. */
  now: () => number
  onStreamClosed: () => void
}

/** Streams of one connection with their states (RFC 9113, section 5.1), and what the peer may do to them. */
export class StreamTable implements StreamOwner {
  readonly sender: Sender
  readonly closed = new ClosedStreams()
  readonly receiveWindow = new ReceiveWindow(bounds.connectionWindow, bounds.connectionWindow)
  lastPeerStream = 0
  readonly #open = new Map<number, Http2Stream>()
  readonly #isServer: boolean
  readonly #onStreamClosed: () => void
  readonly #resets: TokenBucket
  readonly #idleFrames: TokenBucket
  /** Window of the peer for each new stream. */
  #peerWindow = defaultWindow
  #nextStream = 1
  /** Streams that have received DATA in this read. */
  readonly #gathering: Http2Stream[] = []

  constructor({ sender, isServer, now, onStreamClosed }: StreamTableOptions) {
    this.sender = sender
    this.#isServer = isServer
    this.#onStreamClosed = onStreamClosed
    this.#resets = new TokenBucket(bounds.resets, now)
    this.#idleFrames = new TokenBucket(bounds.idleFrames, now)
  }

  get size(): number {
    return this.#open.size
  }

  get(id: number): Http2Stream | undefined {
    return this.#open.get(id)
  }

  /** Adds a stream of the peer. */
  add(id: number): Http2Stream {
    const stream = new Http2Stream(id, this.#peerWindow, this)
    this.#open.set(id, stream)
    return stream
  }

  /** Opens a stream with its head; null if there are no numbers left, or HTTP/2 has no form for the fields. */
  open(fields: string[], isEnd: boolean): Http2Stream | null {
    const id = this.#nextStream
    if (id > highestStreamId) return null
    const stream = this.add(id)
    if (!stream.sendHead(fields, isEnd)) {
      this.#open.delete(id)
      return null
    }
    this.#nextStream += 2
    return stream
  }

  reset(stream: Http2Stream, code: ErrorCode): void {
    this.sender.outbox.reset(stream.id, code)
    this.sender.due()
    this.close(stream, code, 'ours')
  }

  finish(stream: Http2Stream): void {
    this.close(stream, errorCodes.none, 'regular')
  }

  credit(stream: Http2Stream, bytes: number): void {
    this.creditConnection(bytes)
    if (stream.isClosed || stream.isRemoteEnded) return
    const increment = stream.receiveWindow.consume(bytes, !stream.hasWaited)
    if (increment === 0) return
    stream.hasWaited = false
    this.sender.outbox.windowUpdate(stream.id, increment)
    this.sender.due()
  }

  creditConnection(bytes: number): void {
    const increment = this.receiveWindow.consume(bytes, false)
    if (increment === 0) return
    this.sender.outbox.windowUpdate(0, increment)
    this.sender.due()
  }

  close(stream: Http2Stream, code: number, closing: Closing): void {
    if (stream.isClosed) return
    this.#open.delete(stream.id)
    this.closed.add(stream.id, closing)
    stream.close(code)
    this.#onStreamClosed()
  }

  gather(stream: Http2Stream): void {
    this.#gathering.push(stream)
  }

  /** Passes on what was gathered in one read. */
  endRead(): void {
    for (const stream of this.#gathering.splice(0)) stream.endRead()
  }

  /** Closes the streams above `last` without a frame. */
  closeAbove(last: number, code: ErrorCode): void {
    for (const stream of [...this.#open.values()]) if (stream.id > last) this.close(stream, code, 'ours')
  }

  /** Resets a stream for a breach on it, open or closed. */
  fail(id: number, code: ErrorCode): void {
    const stream = this.#open.get(id)
    if (!stream) {
      this.countIdle(1)
      return this.refuse(id, code)
    }
    this.countReset()
    this.reset(stream, code)
  }

  /** Resets a stream that is not open. */
  refuse(id: number, code: ErrorCode): void {
    this.sender.outbox.reset(id, code)
    this.sender.due()
    this.closed.add(id, 'ours')
  }

  /** @throws ConnectionError if the stream is idle: most frames must not come before it is opened */
  expectOpened(id: number): void {
    const isOwn = id % 2 === (this.#isServer ? 0 : 1)
    // A server opens none.
    const isIdle = isOwn ? this.#isServer || id >= this.#nextStream : id > this.lastPeerStream
    if (isIdle || id === 0) throw new ConnectionError(errorCodes.protocol, 'A stream is idle')
  }

  /** Applies SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113, section 6.9.2). */
  changeWindows(size: number): void {
    const change = size - this.#peerWindow
    this.#peerWindow = size
    for (const stream of this.#open.values()) {
      if (stream.sendWindow + change > largestWindow)
        throw new ConnectionError(errorCodes.flowControl, 'Settings make a window too large')
      stream.addWindow(change)
    }
  }

  /** Counts what a client resets or has reset: a server can only answer so. @throws ConnectionError */
  countReset(): void {
    if (this.#isServer && !this.#resets.take(1))
      throw new ConnectionError(errorCodes.calm, 'Too many streams are reset')
  }

  /** Counts frames without content. @throws ConnectionError */
  countIdle(cost: number): void {
    this.#idleFrames.add(this.sender.takeEarned())
    if (!this.#idleFrames.take(cost))
      throw new ConnectionError(errorCodes.calm, 'Too many frames have no content')
  }
}
