import { ConnectionError, errorCodes, flags } from './codes.ts'
import type { FrameHead } from './frame-reader.ts'
import type { Http2Stream } from './stream.ts'
import type { StreamTable } from './stream-table.ts'

/** DATA of the peer (RFC 9113, section 6.1), of which one frame at a time is being read. */
export class DataFrames {
  readonly #table: StreamTable
  readonly #isServer: boolean
  /** Null if the rest of the frame is dropped. */
  #stream: Http2Stream | null = null
  /** Bytes without padding that have not come. */
  #left = 0
  #isPadded = false
  #isEnd = false

  constructor(table: StreamTable, isServer: boolean) {
    this.#table = table
    this.#isServer = isServer
  }

  /** @throws ConnectionError */
  onHead({ stream: id, length, flags: flagged }: FrameHead): void {
    if (id === 0) throw new ConnectionError(errorCodes.protocol, 'DATA on stream 0')
    if (!this.#table.receiveWindow.receive(length))
      throw new ConnectionError(errorCodes.flowControl, 'The window of the connection is exceeded')
    this.#isPadded = (flagged & flags.padded) !== 0
    if (this.#isPadded && length === 0)
      throw new ConnectionError(errorCodes.frameSize, 'DATA has no length of its padding')
    this.#isEnd = (flagged & flags.endStream) !== 0
    this.#left = length
    this.#stream = this.#find(id, length)
    if (length === 0 && !this.#isEnd) this.#table.countIdle(1)
  }

  /** Returns the stream if the peer has ended it. @throws ConnectionError */
  onPiece(bytes: Buffer, isLast: boolean): Http2Stream | null {
    let from = 0
    if (this.#isPadded && bytes.length > 0) {
      this.#isPadded = false
      from = 1
      this.#left -= 1 + bytes[0]!
      if (this.#left < 0) throw new ConnectionError(errorCodes.protocol, 'More padding than payload')
    }
    const end = Math.min(bytes.length, from + this.#left)
    this.#left -= end - from
    const stream = this.#stream
    if (!stream || stream.isClosed) {
      this.#table.creditConnection(bytes.length)
      return null
    }
    if (bytes.length > end - from) this.#table.credit(stream, bytes.length - (end - from))
    if (end > from && !stream.receive(bytes.subarray(from, end))) {
      this.#table.creditConnection(end - from)
      this.#table.fail(stream.id, errorCodes.protocol)
    }
    return isLast && this.#isEnd && !stream.isClosed ? stream : null
  }

  #find(id: number, length: number): Http2Stream | null {
    const table = this.#table
    const stream = table.get(id)
    if (!stream) {
      table.expectOpened(id)
      // Frames may have been under way.
      if (table.closed.find(id) === 'ours') table.countIdle(1)
      else table.fail(id, errorCodes.streamClosed)
      return null
    }
    if (stream.isRemoteEnded) table.fail(id, errorCodes.streamClosed)
    else if (!this.#isServer && !stream.hasHead) table.fail(id, errorCodes.protocol)
    else if (!stream.receiveWindow.receive(length)) table.fail(id, errorCodes.flowControl)
    else return stream
    return null
  }
}
