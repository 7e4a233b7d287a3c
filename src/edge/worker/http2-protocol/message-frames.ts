import { HpackDecoder, HpackError, type DecodedBlock } from './hpack/decoder.ts'
import { bounds } from './bounds.ts'
import { ConnectionError, errorCodes, flags, frameTypes, highestStreamId } from './codes.ts'
import type { FrameHead } from './frame-reader.ts'
import { HeaderBlock, type BlockFacts } from './header-block.ts'
import { areTrailers, readRequestHead, readStatusHead, type RequestHead } from './message-rules.ts'
import { readPriority } from './priority.ts'
import type { Http2Stream } from './stream.ts'
import type { StreamTable } from './stream-table.ts'

export interface MessageLimits {
  headBytes: number
  headerFields: number
  concurrentStreams: number
}

export interface MessageEvents {
  /** A client has opened a stream; its `events` are to be set. */
  onStream?(stream: Http2Stream, head: RequestHead, isEnd: boolean): void
  /** A client's head is above the limits. */
  onLargeHead?(stream: Http2Stream): void
}

/** Frames of the peer that carry heads and trailers: HEADERS and CONTINUATION. */
export class MessageFrames {
  /** Streams of the peer above it are ignored. */
  lastAccepted = highestStreamId
  readonly #table: StreamTable
  readonly #isServer: boolean
  readonly #limits: MessageLimits
  readonly #events: MessageEvents
  readonly #decoder: HpackDecoder
  #block: HeaderBlock | null = null

  constructor(table: StreamTable, isServer: boolean, limits: MessageLimits, events: MessageEvents) {
    this.#table = table
    this.#isServer = isServer
    this.#limits = limits
    this.#events = events
    const { headBytes: listBytes, headerFields: fields } = limits
    this.#decoder = new HpackDecoder({ tableBytes: bounds.tableBytes, listBytes, fields })
  }

  /** @throws ConnectionError if something comes between the frames of a head */
  expectFrame({ type, stream }: FrameHead): void {
    if (this.#block && (type !== frameTypes.continuation || stream !== this.#block.stream))
      throw new ConnectionError(errorCodes.protocol, 'A head is interrupted')
  }

  /** @throws ConnectionError */
  onHeaders({ stream, flags: flagged }: FrameHead, bytes: Buffer, start: number, finish: number): void {
    if (stream === 0) throw new ConnectionError(errorCodes.protocol, 'HEADERS on stream 0')
    let from = start
    let end = finish
    if ((flagged & flags.padded) !== 0) {
      if (from === end)
        throw new ConnectionError(errorCodes.frameSize, 'HEADERS have no length of their padding')
      end -= bytes[from]!
      from += 1
    }
    const hasPriority = (flagged & flags.priority) !== 0
    if (hasPriority) from += 5
    if (end < from) throw new ConnectionError(errorCodes.protocol, 'More padding than payload')
    const dependsOnItself = hasPriority && (bytes.readUInt32BE(from - 5) & highestStreamId) === stream
    const isEnd = (flagged & flags.endStream) !== 0
    if ((flagged & flags.endHeaders) === 0)
      this.#block = new HeaderBlock(
        { stream, isEnd, dependsOnItself },
        bytes.subarray(from, end),
        this.#limits.headBytes,
      )
    else this.#onBlock({ stream, isEnd, dependsOnItself }, this.#decode(bytes, from, end))
  }

  /** @throws ConnectionError */
  onContinuation({ flags: flagged }: FrameHead, bytes: Buffer, from: number, end: number): void {
    const block = this.#block
    if (!block) throw new ConnectionError(errorCodes.protocol, 'CONTINUATION without HEADERS')
    block.add(bytes.subarray(from, end))
    if ((flagged & flags.endHeaders) === 0) return
    this.#block = null
    const joined = block.join()
    this.#onBlock(block, this.#decode(joined, 0, joined.length))
  }

  /** Ends the peer's half of a stream. */
  endRemote(stream: Http2Stream, trailers: string[]): void {
    if (!stream.receiveEnd(trailers)) this.#table.fail(stream.id, errorCodes.protocol)
  }

  #decode(bytes: Buffer, from: number, end: number): DecodedBlock {
    try {
      return this.#decoder.decode(bytes, from, end)
    } catch (error) {
      if (!(error instanceof HpackError)) throw error
      throw new ConnectionError(errorCodes.compression, error.message)
    }
  }

  #onBlock({ stream: id, isEnd, dependsOnItself }: BlockFacts, block: DecodedBlock): void {
    // RFC 7540, section 5.3.1.
    if (dependsOnItself) block.isMalformed = true
    const stream = this.#table.get(id)
    if (stream?.isRemoteEnded) this.#table.fail(id, errorCodes.streamClosed)
    else if (stream && (this.#isServer || stream.hasHead)) this.#onTrailers(stream, isEnd, block)
    else if (stream) this.#onResponse(stream, isEnd, block)
    else if (this.#isServer && id > this.#table.lastPeerStream) this.#onRequest(id, isEnd, block)
    else this.#onClosed(id)
  }

  #onRequest(id: number, isEnd: boolean, block: DecodedBlock): void {
    const table = this.#table
    if (id % 2 === 0) throw new ConnectionError(errorCodes.protocol, 'A client opens a stream of a server')
    table.lastPeerStream = id
    if (id > this.lastAccepted) return table.closed.add(id, 'ours')
    // Unwritten ends count, or one read of small requests is answered without a limit.
    if (table.size + table.sender.outbox.ends >= this.#limits.concurrentStreams) {
      table.countIdle(1)
      return table.refuse(id, errorCodes.refusedStream)
    }
    const stream = table.add(id)
    stream.isRemoteEnded = isEnd
    if (block.isTooLarge && !block.isMalformed) return this.#events.onLargeHead?.(stream)
    const head = block.isMalformed ? null : readRequestHead(block.fields)
    if (!head || (isEnd && head.contentLength > 0)) return table.fail(id, errorCodes.protocol)
    stream.expectedBytes = head.protocol === '' ? head.contentLength : -1
    if (head.priority !== '') stream.priority = readPriority(head.priority)
    this.#events.onStream?.(stream, head, isEnd)
  }

  #onResponse(stream: Http2Stream, isEnd: boolean, block: DecodedBlock): void {
    const table = this.#table
    if (block.isTooLarge) return table.fail(stream.id, errorCodes.calm)
    const head = block.isMalformed ? null : readStatusHead(block.fields)
    const isInterim = head !== null && head.status < 200
    if (!head || (isInterim && (isEnd || head.status === 101)))
      return table.fail(stream.id, errorCodes.protocol)
    if (isInterim) return stream.events?.onHead?.(head, false)
    stream.hasHead = true
    const isBodiless = stream.isHeadRequest || head.status === 304 || head.status === 204
    // Such a response has no DATA (RFC 9113, section 8.1.1); a client of HTTP/1.1 would read a second response.
    stream.expectedBytes = isBodiless ? 0 : head.contentLength
    if (isEnd && stream.expectedBytes > 0) return table.fail(stream.id, errorCodes.protocol)
    stream.events?.onHead?.(head, isEnd)
    if (isEnd && !stream.isClosed) this.endRemote(stream, noTrailers)
  }

  #onTrailers(stream: Http2Stream, isEnd: boolean, block: DecodedBlock): void {
    if (block.isTooLarge) return this.#table.fail(stream.id, errorCodes.calm)
    if (!isEnd || block.isMalformed || !areTrailers(block.fields))
      return this.#table.fail(stream.id, errorCodes.protocol)
    this.endRemote(stream, block.fields)
  }

  #onClosed(id: number): void {
    const closing = this.#table.closed.find(id)
    if (closing === 'ours') return this.#table.countIdle(1)
    if (closing === undefined)
      throw new ConnectionError(errorCodes.protocol, 'A stream is opened out of order')
    this.#table.fail(id, errorCodes.streamClosed)
  }
}

const noTrailers: string[] = []
