import type { HpackEncoder } from './hpack/encoder.ts'
import { bounds } from './bounds.ts'
import { flags, frameHeadBytes, frameTypes, type ErrorCode } from './codes.ts'

/** Pools of memory for the frames of one write: a turn of either size with its heads. */
const pools = [bounds.leastTurnBytes, bounds.mostTurnBytes].map((turnBytes, at) => ({
  bytes: turnBytes + 32 * 1024,
  most: at === 0 ? 32 : 4,
  free: [] as Buffer[],
}))

/** Frames that wait for the next write of their connection. */
export class Outbox {
  /** Streams ended by frames that have not been written: the peer still takes them for open. */
  ends = 0
  #block: Buffer = nothing
  #end = 0

  get length(): number {
    return this.#end
  }

  /** All frames, to be given back with `recycle` once they are written. */
  take(): Buffer {
    const taken = this.#block.subarray(0, this.#end)
    this.#block = nothing
    this.#end = 0
    this.ends = 0
    return taken
  }

  /** Writes bytes that are no frame: the preface. */
  raw(bytes: Buffer): void {
    this.reserve(bytes.length)
    this.#end += bytes.copy(this.#block, this.#end)
  }

  settings(values: readonly (readonly [id: number, value: number])[]): void {
    let at = this.#frame(6 * values.length, frameTypes.settings, 0, 0)
    for (const [id, value] of values) {
      at = this.#block.writeUInt16BE(id, at)
      at = this.#block.writeUInt32BE(value, at)
    }
  }

  settingsAck(): void {
    this.#frame(0, frameTypes.settings, flags.ack, 0)
  }

  ping(opaque: Uint8Array, isAck: boolean): void {
    const at = this.#frame(8, frameTypes.ping, isAck ? flags.ack : 0, 0)
    this.#block.set(opaque, at)
  }

  reset(stream: number, code: ErrorCode): void {
    const at = this.#frame(4, frameTypes.reset, 0, stream)
    this.#block.writeUInt32BE(code, at)
  }

  goAway(lastStream: number, code: ErrorCode): void {
    const at = this.#frame(8, frameTypes.goAway, 0, 0)
    this.#block.writeUInt32BE(code, this.#block.writeUInt32BE(lastStream, at))
  }

  windowUpdate(stream: number, increment: number): void {
    const at = this.#frame(4, frameTypes.windowUpdate, 0, stream)
    this.#block.writeUInt32BE(increment, at)
  }

  data(stream: number, bytes: Buffer, from: number, length: number, isEnd: boolean): void {
    const at = this.#frame(length, frameTypes.data, isEnd ? flags.endStream : 0, stream)
    if (length > 0) bytes.copy(this.#block, at, from, from + length)
    if (isEnd) this.ends += 1
  }

  /** Writes the fields of a head or of trailers; `most` is `mostEncodedBytes` of them. */
  headers(stream: number, isEnd: boolean, encoder: HpackEncoder, fields: string[], most: number): void {
    this.reserve(frameHeadBytes + most)
    const from = this.#end + frameHeadBytes
    const end = encoder.encode(fields, this.#block, from)
    const length = Math.min(end - from, bounds.frameBytes)
    const isWhole = from + length === end
    const flagged = (isEnd ? flags.endStream : 0) | (isWhole ? flags.endHeaders : 0)
    this.#frame(length, frameTypes.headers, flagged, stream)
    if (isEnd) this.ends += 1
    if (!isWhole) this.#continue(stream, Buffer.from(this.#block.subarray(this.#end, end)))
  }

  #continue(stream: number, rest: Buffer): void {
    for (let from = 0; from < rest.length; from += bounds.frameBytes) {
      const piece = rest.subarray(from, from + bounds.frameBytes)
      const isLast = from + piece.length === rest.length
      const at = this.#frame(piece.length, frameTypes.continuation, isLast ? flags.endHeaders : 0, stream)
      this.#block.set(piece, at)
    }
  }

  /** Writes a frame's head and returns the place of its payload. */
  #frame(length: number, type: number, flagged: number, stream: number): number {
    this.reserve(frameHeadBytes + length)
    const block = this.#block
    const at = this.#end
    block[at] = length >> 16
    block[at + 1] = length >> 8
    block[at + 2] = length
    block[at + 3] = type
    block[at + 4] = flagged
    block[at + 5] = stream >> 24
    block[at + 6] = stream >> 16
    block[at + 7] = stream >> 8
    block[at + 8] = stream
    this.#end = at + frameHeadBytes + length
    return at + frameHeadBytes
  }

  /** Makes space at once for frames that follow. */
  reserve(bytes: number): void {
    const needed = this.#end + bytes
    if (needed <= this.#block.length) return
    const pool = pools.find((each) => needed <= each.bytes)
    const larger = pool?.free.pop() ?? Buffer.allocUnsafeSlow(pool?.bytes ?? 2 * needed)
    this.#block.copy(larger, 0, 0, this.#end)
    recycle(this.#block)
    this.#block = larger
  }
}

/** Takes the memory of `Outbox.take` back. */
export function recycle(taken: Buffer): void {
  const { buffer } = taken
  const pool = pools.find(({ bytes }) => bytes === buffer.byteLength)
  if (pool && pool.free.length < pool.most) pool.free.push(Buffer.from(buffer))
}

const nothing = Buffer.alloc(0)
