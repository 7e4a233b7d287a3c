import { bounds } from './bounds.ts'
import { ByteQueue } from './byte-queue.ts'
import { errorCodes, type ErrorCode } from './codes.ts'
import type { StatusHead } from './message-rules.ts'
import { unstatedPriority } from './priority.ts'
import { ReceiveWindow } from './receive-window.ts'
import type { Sender, SendingStream } from './sender.ts'

/** Receiver of what a peer sends on one stream. */
export interface StreamEvents {
  /** A response, interim or final; only of streams that this end has opened. */
  onHead?(head: StatusHead, isEnd: boolean): void
  /** The view is valid during the call. False: no more until `resume`. */
  onData(bytes: Buffer): boolean
  onEnd(trailers: string[]): void
  /** All bytes that waited have been sent. */
  onDrain(): void
  /** Called once, after a reset with its code, or with 0 after a regular end. */
  onClose(code: number): void
}

/** Connection of a stream. */
export interface StreamOwner {
  readonly sender: Sender
  readonly size: number
  reset(stream: Http2Stream, code: ErrorCode): void
  /** Both directions have ended. */
  finish(stream: Http2Stream): void
  /** Announces bytes that have been passed on. */
  credit(stream: Http2Stream, bytes: number): void
  /** Calls `endRead` at the end of this read. */
  gather(stream: Http2Stream): void
}

const noTrailers: string[] = []

export class Http2Stream implements SendingStream {
  readonly id: number
  events: StreamEvents | null = null
  priority = unstatedPriority
  isScheduled = false
  isClosed = false
  /** This end has sent END_STREAM. */
  isLocalEnded = false
  /** The peer has sent END_STREAM. */
  isRemoteEnded = false
  /** A final head has come; of streams that this end has opened. */
  hasHead = false
  isHeadRequest = false
  /** Content-Length, 0 for a response without a body; -1 for an unknown length. */
  expectedBytes = -1
  sendWindow: number
  readonly receiveWindow = new ReceiveWindow(bounds.streamWindow, bounds.mostStreamWindow)
  /** The receiver was waited for since the window was announced last. */
  hasWaited = false
  readonly #owner: StreamOwner
  readonly #incoming = new ByteQueue()
  readonly #outgoing = new ByteQueue()
  #receivedBytes = 0
  #isPaused = false
  /** A piece has been passed on in this read; small ones after it are gathered. */
  #isGathering = false
  /** Trailers, empty or not, once the request or response is complete in `#incoming`. */
  #incomingEnd: string[] | null = null
  #outgoingEnd: string[] | null = null
  #isAbandoned = false

  constructor(id: number, sendWindow: number, owner: StreamOwner) {
    this.id = id
    this.sendWindow = sendWindow
    this.#owner = owner
  }

  /** Bytes that wait for the peer's windows, or for other streams. */
  get unsentBytes(): number {
    return this.#outgoing.length
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  get mayReadMuch(): boolean {
    return this.#owner.size <= bounds.largeReads
  }

  /** Sends a head, interim or final. False: it has octets that HTTP/2 forbids. */
  sendHead(fields: string[], isEnd: boolean): boolean {
    if (this.isClosed || this.isLocalEnded) return true
    if (!this.#owner.sender.headers(this.id, fields, isEnd)) return false
    if (isEnd) this.#endLocal()
    return true
  }

  /**
   * Sends bytes of the body, and its end with `trailers`, empty or not, unless that is null. The bytes are
   * copied. False: some of them wait, and `onDrain` follows unless it was the end.
   */
  send(bytes: Buffer, trailers: string[] | null): boolean {
    if (this.isClosed || this.isLocalEnded || this.#outgoingEnd !== null) return true
    const { sender } = this.#owner
    const endsStream = trailers !== null && trailers.length === 0
    let sent = 0
    if (this.#outgoing.length === 0 && sender.schedule.isEmpty)
      sent = sender.data(this, bytes, 0, bytes.length, endsStream)
    if (sent < bytes.length) this.#queue(bytes.subarray(sent))
    // The queue may be too long.
    if (this.isClosed) return true
    if (trailers === null) return this.#outgoing.length === 0
    if (this.#outgoing.length > 0) {
      this.#outgoingEnd = trailers
      return false
    }
    this.#sendEnd(trailers, endsStream && sent > 0)
    return true
  }

  /** Sends one frame of the bytes that wait. */
  sendQueued(): void {
    const { sender } = this.#owner
    const bytes = this.#outgoing.peek()
    const end = Math.min(bytes.length, bounds.dataBytes)
    const trailers = this.#outgoingEnd
    const endsStream = trailers?.length === 0 && end === this.#outgoing.length
    const sent = sender.data(this, bytes, 0, end, endsStream)
    this.#outgoing.drop(sent)
    sender.queuedBytes -= sent
    if (this.#outgoing.length > 0) {
      if (this.sendWindow > 0) sender.schedule.rotate(this)
      else sender.schedule.remove(this)
      return
    }
    sender.schedule.remove(this)
    if (trailers === null) this.events?.onDrain()
    else this.#sendEnd(trailers, endsStream)
  }

  /** Widens or, by settings, narrows the peer's window. */
  addWindow(bytes: number): void {
    this.sendWindow += bytes
    this.#schedule()
  }

  /** Sends RST_STREAM, and calls `onClose`. */
  reset(code: ErrorCode): void {
    if (!this.isClosed) this.#owner.reset(this, code)
  }

  /** Closes the stream as soon as this end of it is sent, and what is left of the peer's is not needed. */
  abandonOnceSent(): void {
    this.#isAbandoned = true
    if (this.isLocalEnded) this.#abandon()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#passIncoming()
    if (this.#incoming.length === 0 && this.#incomingEnd !== null) this.#passEnd()
  }

  /** Passes gathered pieces on. */
  endRead(): void {
    this.#isGathering = false
    this.#passIncoming()
  }

  /** Takes bytes of the peer's body. False: they exceed its Content-Length. */
  receive(bytes: Buffer): boolean {
    this.#receivedBytes += bytes.length
    if (this.expectedBytes >= 0 && this.#receivedBytes > this.expectedBytes) return false
    const isGathered = this.#isGathering && bytes.length < bounds.smallPiece
    if (!isGathered) this.#passIncoming()
    if (isGathered || this.#isPaused) this.#incoming.push(bytes)
    else this.#passInRead(bytes)
    return true
  }

  /** Takes the end of the peer's body. False: it is shorter than its Content-Length. */
  receiveEnd(trailers: string[]): boolean {
    if (this.expectedBytes > this.#receivedBytes) return false
    this.isRemoteEnded = true
    this.#passIncoming()
    this.#incomingEnd = trailers
    if (this.#incoming.length === 0) this.#passEnd()
    return true
  }

  /** Called by the connection once the stream is closed. */
  close(code: number): void {
    if (this.isClosed) return
    this.isClosed = true
    const { sender } = this.#owner
    sender.schedule.remove(this)
    sender.queuedBytes -= this.#outgoing.length
    // Queued bytes are freed without credit for the stream, but the connection goes on.
    if (this.#incoming.length > 0) this.#owner.credit(this, this.#incoming.length)
    this.#outgoing.clear()
    this.#incoming.clear()
    const { events } = this
    this.events = null
    events?.onClose(code)
  }

  #passInRead(bytes: Buffer): void {
    if (!this.#isGathering) this.#owner.gather(this)
    this.#isGathering = true
    this.#pass(bytes)
  }

  #passIncoming(): void {
    while (this.#incoming.length > 0 && !this.#isPaused && !this.isClosed) {
      const bytes = this.#incoming.peek()
      this.#incoming.drop(bytes.length)
      this.#pass(bytes)
    }
  }

  #pass(bytes: Buffer): void {
    if (this.events?.onData(bytes) === false) {
      this.#isPaused = true
      this.hasWaited = true
    }
    this.#owner.credit(this, bytes.length)
  }

  #passEnd(): void {
    const trailers = this.#incomingEnd ?? noTrailers
    this.#incomingEnd = null
    this.events?.onEnd(trailers)
    if (this.isLocalEnded) this.#owner.finish(this)
  }

  #queue(bytes: Buffer): void {
    const { sender } = this.#owner
    this.#outgoing.push(bytes)
    sender.queuedBytes += bytes.length
    if (sender.queuedBytes > bounds.queuedBytes) this.reset(errorCodes.calm)
    else this.#schedule()
  }

  #schedule(): void {
    if (this.#outgoing.length === 0 || this.sendWindow <= 0) return
    this.#owner.sender.schedule.add(this)
    this.#owner.sender.due()
  }

  #abandon(): void {
    if (this.isRemoteEnded) this.#owner.finish(this)
    else this.reset(errorCodes.none)
  }

  #sendEnd(trailers: string[], isSent: boolean): void {
    this.#outgoingEnd = null
    if (trailers.length === 0 && !isSent) this.#owner.sender.dataEnd(this)
    else if (trailers.length > 0 && !this.#owner.sender.headers(this.id, trailers, true))
      return this.reset(errorCodes.internal)
    this.#endLocal()
  }

  #endLocal(): void {
    this.isLocalEnded = true
    if (this.#isAbandoned) this.#abandon()
    else if (this.isRemoteEnded && this.#incoming.length === 0) this.#owner.finish(this)
  }
}
