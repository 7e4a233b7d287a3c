import { bounds } from './bounds.ts'
import { ConnectionError, errorCodes, flags, frameTypes, highestStreamId, largestWindow } from './codes.ts'
import type { FrameHead } from './frame-reader.ts'
import { readPriority } from './priority.ts'
import { readSettings, settingIds } from './settings.ts'
import type { StreamTable } from './stream-table.ts'

export interface ControlEvents {
  /** The peer's settings have come or changed. */
  onSettings?(): void
  /** The peer opens or accepts no more streams. */
  onGoAway?(): void
  /** The peer has acknowledged a PING. */
  onPong?(): void
}

/** Frames of the peer that carry no message: RFC 9113, sections 6.3 to 6.9, and RFC 9218, section 7.1. */
export class ControlFrames {
  hasSettings = false
  /** Most streams that the peer accepts. */
  peerStreams = Infinity
  peerAllowsConnect = false
  readonly #table: StreamTable
  readonly #isServer: boolean
  readonly #events: ControlEvents
  #peerLastAccepted = highestStreamId

  constructor(table: StreamTable, isServer: boolean, events: ControlEvents) {
    this.#table = table
    this.#isServer = isServer
    this.#events = events
  }

  /** @throws ConnectionError */
  onFrame(head: FrameHead, bytes: Buffer, from: number, end: number): void {
    switch (head.type) {
      case frameTypes.windowUpdate:
        return this.#onWindowUpdate(head, bytes, from)
      case frameTypes.reset:
        return this.#onReset(head, bytes, from)
      case frameTypes.settings:
        return this.#onSettings(head, bytes, from, end)
      case frameTypes.ping:
        return this.#onPing(head, bytes, from, end)
      case frameTypes.goAway:
        return this.#onGoAway(head, bytes, from)
      case frameTypes.priority:
        return this.#onPriority(head)
      case frameTypes.priorityUpdate:
        return this.#onPriorityUpdate(head, bytes, from, end)
      case frameTypes.pushPromise:
        throw new ConnectionError(errorCodes.protocol, 'Push is not accepted')
      default:
        // Extensions are ignored (RFC 9113, section 5.5).
        this.#table.countIdle(1)
    }
  }

  #onWindowUpdate({ stream: id, length }: FrameHead, bytes: Buffer, from: number): void {
    expectLength(length === 4)
    const table = this.#table
    const increment = bytes.readUInt32BE(from) & largestWindow
    if (increment < bounds.smallUpdate) table.countIdle(1)
    if (id === 0) return this.#widenConnection(increment)
    const stream = table.get(id)
    if (!stream) return table.expectOpened(id)
    if (increment === 0) return table.fail(id, errorCodes.protocol)
    if (stream.sendWindow + increment > largestWindow) return table.fail(id, errorCodes.flowControl)
    stream.addWindow(increment)
  }

  #widenConnection(increment: number): void {
    const { sender } = this.#table
    if (increment === 0) throw new ConnectionError(errorCodes.protocol, 'WINDOW_UPDATE by nothing')
    if (sender.window + increment > largestWindow)
      throw new ConnectionError(errorCodes.flowControl, 'The window of the connection is too large')
    sender.window += increment
    if (!sender.schedule.isEmpty) sender.due()
  }

  #onReset({ stream: id, length }: FrameHead, bytes: Buffer, from: number): void {
    expectLength(length === 4)
    const table = this.#table
    const stream = table.get(id)
    if (!stream) {
      table.expectOpened(id)
      return table.countIdle(1)
    }
    table.countReset()
    // 0 stands for a regular end.
    table.close(stream, bytes.readUInt32BE(from) || errorCodes.cancel, 'theirs')
  }

  #onSettings({ stream, flags: flagged, length }: FrameHead, bytes: Buffer, from: number, end: number): void {
    expectConnection(stream)
    this.#table.countIdle(bounds.settingsCost)
    if ((flagged & flags.ack) !== 0) return expectLength(length === 0)
    readSettings(bytes, from, end, (id, value) => this.#apply(id, value))
    this.hasSettings = true
    const { sender } = this.#table
    sender.outbox.settingsAck()
    sender.due()
    this.#events.onSettings?.()
  }

  #apply(id: number, value: number): void {
    if (id === settingIds.headerTableSize) this.#table.sender.encoder.resize(value)
    else if (id === settingIds.maxConcurrentStreams) this.peerStreams = value
    else if (id === settingIds.initialWindowSize) this.#table.changeWindows(value)
    else if (id === settingIds.enableConnectProtocol) this.#allowConnect(value === 1)
    else if (id === settingIds.enablePush && value === 1 && !this.#isServer)
      throw new ConnectionError(errorCodes.protocol, 'A server enables push')
  }

  /** RFC 8441, section 3: it cannot be taken back. */
  #allowConnect(isAllowed: boolean): void {
    if (this.peerAllowsConnect && !isAllowed)
      throw new ConnectionError(errorCodes.protocol, 'CONNECT is no longer allowed')
    this.peerAllowsConnect = isAllowed
  }

  #onPing({ stream, flags: flagged, length }: FrameHead, bytes: Buffer, from: number, end: number): void {
    expectConnection(stream)
    expectLength(length === 8)
    this.#table.countIdle(1)
    if ((flagged & flags.ack) !== 0) return this.#events.onPong?.()
    const { sender } = this.#table
    sender.outbox.ping(bytes.subarray(from, end), true)
    sender.due()
  }

  #onGoAway({ stream, length }: FrameHead, bytes: Buffer, from: number): void {
    expectConnection(stream)
    expectLength(length >= 8)
    this.#table.countIdle(1)
    const last = bytes.readUInt32BE(from) & highestStreamId
    if (last > this.#peerLastAccepted) throw new ConnectionError(errorCodes.protocol, 'GOAWAY goes back')
    this.#peerLastAccepted = last
    // First, so that no request which is repeated now goes to the same connection.
    this.#events.onGoAway?.()
    // The peer has not processed them (RFC 9113, section 6.8).
    if (!this.#isServer) this.#table.closeAbove(last, errorCodes.refusedStream)
  }

  /** The priorities of RFC 7540 are read for their form alone (RFC 9113, section 5.3.2). */
  #onPriority({ stream, length }: FrameHead): void {
    if (stream === 0) throw new ConnectionError(errorCodes.protocol, 'PRIORITY on stream 0')
    this.#table.countIdle(1)
    if (length !== 5 && this.#table.get(stream)) this.#table.fail(stream, errorCodes.frameSize)
    else expectLength(length === 5)
  }

  #onPriorityUpdate({ stream, length }: FrameHead, bytes: Buffer, from: number, end: number): void {
    expectConnection(stream)
    this.#table.countIdle(1)
    if (!this.#isServer) throw new ConnectionError(errorCodes.protocol, 'PRIORITY_UPDATE from a server')
    expectLength(length >= 4)
    const id = bytes.readUInt32BE(from) & highestStreamId
    if (id % 2 === 0) throw new ConnectionError(errorCodes.protocol, 'PRIORITY_UPDATE of no request')
    const prioritised = this.#table.get(id)
    if (!prioritised) return
    const priority = readPriority(bytes.toString('latin1', from + 4, end))
    this.#table.sender.schedule.reprioritise(prioritised, priority)
  }
}

function expectLength(isExpected: boolean): void {
  if (!isExpected) throw new ConnectionError(errorCodes.frameSize, 'A frame has another length')
}

function expectConnection(stream: number): void {
  if (stream !== 0) throw new ConnectionError(errorCodes.protocol, 'A frame of the connection is on a stream')
}
