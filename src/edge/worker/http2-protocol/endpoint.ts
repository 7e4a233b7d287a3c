import type { Socket } from 'node:net'
import { takeIncoming } from '../http/incoming.ts'
import { bounds } from './bounds.ts'
import {
  ConnectionError,
  defaultWindow,
  errorCodes,
  flags,
  frameTypes,
  highestStreamId,
  preface,
} from './codes.ts'
import { ControlFrames, type ControlEvents } from './control-frames.ts'
import { DataFrames } from './data-frames.ts'
import { FrameReader, type FrameHead, type FrameSink } from './frame-reader.ts'
import { MessageFrames, type MessageEvents, type MessageLimits } from './message-frames.ts'
import { Sender } from './sender.ts'
import { settingIds } from './settings.ts'
import type { Http2Stream } from './stream.ts'
import { StreamTable } from './stream-table.ts'

export interface EndpointOptions {
  isServer: boolean
  limits: MessageLimits
  /** Clock in milliseconds. */
  now: () => number
  events: EndpointEvents
}

export interface EndpointEvents extends ControlEvents, MessageEvents {
  onStreamClosed(): void
  /** The connection has failed and ends with the next write. */
  onFailed(error: ConnectionError): void
  /** Internal error; the connection is destroyed. */
  onFault(error: unknown): void
}

/**
 * One end of an HTTP/2 connection (RFC 9113). A breach of the protocol ends its stream or the connection,
 * whichever the RFC asks for; nothing is dropped silently.
 */
export class Http2Endpoint implements FrameSink {
  readonly #socket: Socket
  readonly #isServer: boolean
  readonly #events: EndpointEvents
  readonly #sender: Sender
  readonly #reader = new FrameReader(this)
  readonly #table: StreamTable
  readonly #control: ControlFrames
  readonly #messages: MessageFrames
  readonly #data: DataFrames
  #prefaceSeen: number
  #isClosing = false
  #isFailed = false

  constructor(socket: Socket, { isServer, limits, now, events }: EndpointOptions) {
    this.#socket = socket
    this.#isServer = isServer
    this.#events = events
    this.#sender = new Sender(socket, {
      onWritten: () => this.#onWritten(),
      onFault: (error) => this.#onFault(error),
    })
    const onStreamClosed = () => this.#onStreamClosed()
    this.#table = new StreamTable({ sender: this.#sender, isServer, now, onStreamClosed })
    this.#control = new ControlFrames(this.#table, isServer, events)
    this.#messages = new MessageFrames(this.#table, isServer, limits, events)
    this.#data = new DataFrames(this.#table, isServer)
    // Only clients send a preface.
    this.#prefaceSeen = isServer ? 0 : preface.length
    this.#begin(limits)
    takeIncoming(socket, (bytes) => this.#onBytes(bytes))
  }

  get streamCount(): number {
    return this.#table.size
  }

  /** Most streams that the peer accepts. */
  get peerStreams(): number {
    return this.#control.peerStreams
  }

  /** The peer accepts extended CONNECT (RFC 8441). */
  get peerAllowsConnect(): boolean {
    return this.#control.peerAllowsConnect
  }

  /** It accepts no more streams. */
  get isClosing(): boolean {
    return this.#isClosing || this.#isFailed
  }

  /** Opens a stream to a server with its head; null if that cannot be sent. */
  open(fields: string[], isEnd: boolean, isHeadRequest: boolean): Http2Stream | null {
    const stream = this.isClosing ? null : this.#table.open(fields, isEnd)
    if (stream) stream.isHeadRequest = isHeadRequest
    return stream
  }

  ping(): void {
    this.#sender.outbox.ping(pingBytes, false)
    this.#sender.due()
  }

  /** Announces the end, and still accepts streams that are under way (RFC 9113, section 6.8). */
  announceEnd(): void {
    if (this.isClosing) return
    this.#sender.outbox.goAway(highestStreamId, errorCodes.none)
    this.#sender.due()
  }

  /** Accepts no more streams, and closes the connection after the last one. */
  close(): void {
    if (this.isClosing) return
    this.#isClosing = true
    this.#messages.lastAccepted = this.#table.lastPeerStream
    this.#sender.outbox.goAway(this.#table.lastPeerStream, errorCodes.none)
    this.#sender.due()
    if (this.#table.size === 0) this.#sender.end()
  }

  /** Closes all streams; the socket has closed. */
  onSocketClosed(): void {
    this.#isFailed = true
    this.#table.closeAbove(0, errorCodes.cancel)
  }

  onDataHead(head: FrameHead): void {
    this.#expectFrame(head)
    this.#data.onHead(head)
  }

  onDataPiece(bytes: Buffer, isLast: boolean): void {
    const ended = this.#data.onPiece(bytes, isLast)
    if (ended) this.#messages.endRemote(ended, noTrailers)
  }

  onFrame(head: FrameHead, bytes: Buffer, from: number, end: number): void {
    this.#expectFrame(head)
    if (head.type === frameTypes.headers) this.#messages.onHeaders(head, bytes, from, end)
    else if (head.type === frameTypes.continuation) this.#messages.onContinuation(head, bytes, from, end)
    else this.#control.onFrame(head, bytes, from, end)
  }

  #onBytes(bytes: Buffer): void {
    if (this.#isFailed) return
    try {
      this.#reader.read(this.#prefaceSeen < preface.length ? this.#readPreface(bytes) : bytes)
      this.#table.endRead()
    } catch (error) {
      if (error instanceof ConnectionError) this.#fail(error)
      else this.#onFault(error)
    }
    if (this.#sender.isCongested) this.#socket.pause()
  }

  #readPreface(bytes: Buffer): Buffer {
    const end = Math.min(bytes.length, preface.length - this.#prefaceSeen)
    if (preface.compare(bytes, 0, end, this.#prefaceSeen, this.#prefaceSeen + end) !== 0)
      throw new ConnectionError(errorCodes.protocol, 'It does not begin with the preface')
    this.#prefaceSeen += end
    return bytes.subarray(end)
  }

  #expectFrame(head: FrameHead): void {
    this.#messages.expectFrame(head)
    if (this.#control.hasSettings) return
    if (head.type !== frameTypes.settings || (head.flags & flags.ack) !== 0)
      throw new ConnectionError(errorCodes.protocol, 'It does not begin with SETTINGS')
  }

  #begin({ headBytes, concurrentStreams }: MessageLimits): void {
    const { outbox } = this.#sender
    const shared = [
      [settingIds.initialWindowSize, bounds.streamWindow],
      [settingIds.maxHeaderListSize, headBytes],
    ] as const
    if (this.#isServer) {
      outbox.settings([
        [settingIds.maxConcurrentStreams, concurrentStreams],
        ...shared,
        [settingIds.enableConnectProtocol, 1],
        [settingIds.noRfc7540Priorities, 1],
      ])
    } else {
      outbox.raw(preface)
      outbox.settings([[settingIds.enablePush, 0], ...shared])
    }
    outbox.windowUpdate(0, bounds.connectionWindow - defaultWindow)
    this.#sender.due()
  }

  #onStreamClosed(): void {
    this.#events.onStreamClosed()
    if (this.#isClosing && this.#table.size === 0) this.#sender.end()
  }

  /** Ends the connection for a breach of the protocol (RFC 9113, section 5.4.1). */
  #fail(error: ConnectionError): void {
    this.#isFailed = true
    this.#sender.outbox.goAway(this.#table.lastPeerStream, error.code)
    this.#sender.end()
    this.#table.closeAbove(0, error.code)
    this.#events.onFailed(error)
  }

  #onFault(error: unknown): void {
    this.#isFailed = true
    this.#events.onFault(error)
    this.#socket.destroy()
  }

  #onWritten(): void {
    if (this.#socket.isPaused()) this.#socket.resume()
  }
}

const noTrailers: string[] = []
const pingBytes = Buffer.from('edgekeep')
