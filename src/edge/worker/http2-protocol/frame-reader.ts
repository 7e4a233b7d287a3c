import { bounds } from './bounds.ts'
import { ConnectionError, errorCodes, frameHeadBytes, frameTypes } from './codes.ts'

export interface FrameSink {
  /** A frame other than DATA; its payload lies between `from` and `end`. */
  onFrame(head: FrameHead, bytes: Buffer, from: number, end: number): void
  /** DATA begins. Its payload follows in pieces, the last of which may be empty. */
  onDataHead(head: FrameHead): void
  onDataPiece(bytes: Buffer, isLast: boolean): void
}

/** Reused for each frame. */
export interface FrameHead {
  length: number
  type: number
  flags: number
  stream: number
}

/**
 * Splits input into frames. A frame that lies in one piece of input is not copied, and DATA is passed on as it
 * comes, so that no more than one small frame is ever stored.
 */
export class FrameReader {
  readonly #sink: FrameSink
  readonly #head: FrameHead = { length: 0, type: 0, flags: 0, stream: 0 }
  /** Beginning of a frame whose end has not come. */
  #partial: Buffer | null = null
  #partialBytes = 0
  /** Bytes of the current DATA that have not come; -1 outside of one. */
  #dataLeft = -1

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  /** @throws ConnectionError */
  read(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#dataLeft >= 0) at = this.#readData(bytes, at)
      else if (this.#partialBytes > 0) at = this.#complete(bytes, at)
      else at = this.#readFrame(bytes, at)
    }
  }

  #readFrame(bytes: Buffer, at: number): number {
    const from = at + frameHeadBytes
    if (from > bytes.length) return this.#store(bytes, at)
    this.#readHead(bytes, at)
    const { length, type } = this.#head
    if (type === frameTypes.data) return this.#beginData(from)
    const end = from + length
    if (end > bytes.length) return this.#store(bytes, at)
    this.#sink.onFrame(this.#head, bytes, from, end)
    return end
  }

  #readHead(bytes: Buffer, at: number): void {
    const head = this.#head
    head.length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
    head.type = bytes[at + 3]!
    head.flags = bytes[at + 4]!
    // The first bit is reserved.
    head.stream =
      ((bytes[at + 5]! & 0x7f) << 24) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 8) | bytes[at + 8]!
    if (head.length > bounds.frameBytes)
      throw new ConnectionError(errorCodes.frameSize, 'A frame is larger than allowed')
  }

  #beginData(next: number): number {
    this.#sink.onDataHead(this.#head)
    this.#dataLeft = this.#head.length
    if (this.#dataLeft === 0) this.#passData(nothing, true)
    return next
  }

  #readData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#dataLeft)
    this.#dataLeft -= end - at
    this.#passData(bytes.subarray(at, end), this.#dataLeft === 0)
    return end
  }

  #passData(piece: Buffer, isLast: boolean): void {
    if (isLast) this.#dataLeft = -1
    this.#sink.onDataPiece(piece, isLast)
  }

  /** Begins a copy, alone in its memory. The payload is left to `#complete`. */
  #store(bytes: Buffer, at: number): number {
    const isHeadThere = bytes.length - at >= frameHeadBytes
    this.#partial = Buffer.allocUnsafeSlow(frameHeadBytes + (isHeadThere ? this.#head.length : 0))
    this.#partialBytes = bytes.copy(this.#partial, 0, at, at + frameHeadBytes)
    return at + this.#partialBytes
  }

  /** Takes up to the end of the stored frame, or of its head. */
  #complete(bytes: Buffer, at: number): number {
    const whole = this.#partialBytes < frameHeadBytes ? frameHeadBytes : frameHeadBytes + this.#head.length
    const missing = whole - this.#partialBytes
    const taken = bytes.copy(this.#partial!, this.#partialBytes, at, at + missing)
    this.#partialBytes += taken
    if (taken === missing) this.#onComplete(whole === frameHeadBytes)
    return at + taken
  }

  #onComplete(isHead: boolean): void {
    const partial = this.#partial!
    if (isHead) this.#readHead(partial, 0)
    const { length, type } = this.#head
    if (isHead && type === frameTypes.data) {
      this.#partialBytes = 0
      this.#beginData(0)
    } else if (isHead && length > 0) {
      const larger = Buffer.allocUnsafeSlow(frameHeadBytes + length)
      partial.copy(larger, 0, 0, frameHeadBytes)
      this.#partial = larger
    } else {
      this.#partial = null
      this.#partialBytes = 0
      this.#sink.onFrame(this.#head, partial, frameHeadBytes, frameHeadBytes + length)
    }
  }
}

const nothing = Buffer.alloc(0)
