import type { Socket } from 'node:net'
import { atEndOfTurn, type AtEndOfTurn } from '../limits/end-of-turn.ts'
import { HpackEncoder, mostEncodedBytes } from './hpack/encoder.ts'
import { bounds } from './bounds.ts'
import { defaultWindow } from './codes.ts'
import { Outbox, recycle } from './outbox.ts'
import { Schedule, type Scheduled } from './priority.ts'

/** Stream as its connection's sender sees it. */
export interface SendingStream extends Scheduled {
  readonly id: number
  /** The peer's window for the stream. */
  sendWindow: number
  /** Sends one frame of the bytes that wait, and keeps its place in the schedule or leaves it. */
  sendQueued(): void
}

export interface SenderEvents {
  /** Everything so far has been given to the system. */
  onWritten(): void
  onFault(error: unknown): void
}

/**
 * Sending half of a connection. The frames of all streams of one turn of the event loop go out in one write;
 * while it is under way, those of later turns gather for the next. DATA that does not fit waits in its stream,
 * and `Schedule` decides which stream is next. Writes grow while the peer takes them at once, and shrink when
 * it does not, so that urgent streams can overtake.
 */
export class Sender implements AtEndOfTurn {
  readonly outbox = new Outbox()
  readonly encoder = new HpackEncoder(bounds.tableBytes)
  /** The peer's window for the connection. */
  window = defaultWindow
  queuedBytes = 0
  readonly #socket: Socket
  readonly #events: SenderEvents
  readonly schedule = new Schedule<SendingStream>()
  #contentFrames = 0
  #turnBytes = bounds.leastTurnBytes
  #writtenAt = 0
  #isDue = false
  #isWriting = false
  #isEnding = false

  constructor(socket: Socket, events: SenderEvents) {
    this.#socket = socket
    this.#events = events
  }

  /** The peer does not read, and has made more answers than may wait. */
  get isCongested(): boolean {
    return this.#isWriting && this.outbox.length > this.#turnBytes + bounds.unreadBytes
  }

  /** To be called after frames were put into the outbox, or a window was opened. */
  due(): void {
    if (this.#isDue) return
    this.#isDue = true
    atEndOfTurn(this)
  }

  /** False: the fields have octets that HTTP/2 forbids, and nothing was sent. */
  headers(stream: number, fields: string[], isEnd: boolean): boolean {
    const most = mostEncodedBytes(fields)
    if (most < 0) return false
    this.outbox.headers(stream, isEnd, this.encoder, fields, most)
    this.#contentFrames += 1
    this.due()
    return true
  }

  /**
   * Sends as much of `bytes` between `from` and `end` as the windows and the turn allow. Returns the number of
   * bytes. `isEnd`: the last of them ends the stream.
   */
  data(stream: SendingStream, bytes: Buffer, from: number, end: number, isEnd: boolean): number {
    let at = from
    if (end - from > bounds.dataBytes) this.#reserveFor(end - from)
    while (at < end && this.outbox.length < this.#turnBytes) {
      const piece = Math.min(end - at, bounds.dataBytes, stream.sendWindow, this.window)
      if (piece <= 0) break
      this.outbox.data(stream.id, bytes, at, piece, isEnd && at + piece === end)
      this.#contentFrames += 1
      stream.sendWindow -= piece
      this.window -= piece
      at += piece
    }
    if (at > from) this.due()
    return at - from
  }

  /** Ends a stream of which all bytes have been sent. */
  dataEnd(stream: SendingStream): void {
    this.outbox.data(stream.id, nothing, 0, 0, true)
    this.due()
  }

  /** Frames with content that were sent since the last call, twice: see `bounds.idleFrames`. */
  takeEarned(): number {
    const earned = 2 * this.#contentFrames
    this.#contentFrames = 0
    return earned
  }

  /** Closes the connection after what is in the outbox. */
  end(): void {
    this.#isEnding = true
    this.due()
  }

  endTurn(): void {
    this.#isDue = false
    if (!this.#isWriting) this.#write()
  }

  #write(): void {
    try {
      this.#pump()
    } catch (error) {
      this.#events.onFault(error)
    }
    if (this.#socket.destroyed || this.#socket.writableEnded) return
    if (this.outbox.length > 0) {
      const bytes = this.outbox.take()
      this.#isWriting = true
      this.#writtenAt = performance.now()
      this.#socket.write(bytes, () => this.#onWritten(bytes))
    } else if (this.#isEnding) this.#socket.end()
  }

  #onWritten(bytes: Buffer): void {
    recycle(bytes)
    this.#isWriting = false
    this.#adapt(bytes.length)
    if (this.#socket.destroyed) return
    this.#write()
    if (!this.isCongested) this.#events.onWritten()
  }

  /** Space for DATA of `bytes` with the heads of its frames. */
  #reserveFor(bytes: number): void {
    const sent = Math.min(bytes, this.#turnBytes - this.outbox.length)
    this.outbox.reserve(sent + (sent >> 9) + bounds.frameBytes)
  }

  #adapt(bytes: number): void {
    const isQuick = performance.now() - this.#writtenAt < quickMs
    if (!isQuick) this.#turnBytes = Math.max(this.#turnBytes / 2, bounds.leastTurnBytes)
    else if (2 * bytes > this.#turnBytes)
      this.#turnBytes = Math.min(2 * this.#turnBytes, bounds.mostTurnBytes)
  }

  /** Fills the outbox from the streams that wait, most urgent first. */
  #pump(): void {
    while (this.window > 0 && this.outbox.length < this.#turnBytes) {
      const stream = this.schedule.first()
      if (!stream) return
      stream.sendQueued()
    }
  }
}

/** Time in which a peer takes a write that may grow. */
const quickMs = 20
const nothing = Buffer.alloc(0)
