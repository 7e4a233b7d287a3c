import type { Socket } from 'node:net'
import {
  flags as sentFlags,
  frameHeadBytes,
  frameTypes,
  preface as clientPreface,
} from '../../../src/edge/worker/http2-protocol/codes.ts'

/** Handwritten HTTP/2 frames (RFC 9113, section 4), also those that no well-behaved client would send. */
export const { endStream, endHeaders, padded, priority: withPriority } = sentFlags

export const preface = Buffer.concat([clientPreface, frame('settings', 0, 0)])

export function frame(
  type: keyof typeof frameTypes | number,
  flags: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(),
): Buffer {
  const head = Buffer.alloc(frameHeadBytes)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = typeof type === 'number' ? type : frameTypes[type]
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A header block of literal fields without indexing (RFC 7541, section 6.2.2). */
export function headerBlock(fields: [string, string][]): Buffer {
  return Buffer.concat(
    fields.map(([name, value]) => Buffer.concat([Buffer.from([0]), literal(name), literal(value)])),
  )
}

export function requestBlock(authority: string, path = '/', more: [string, string][] = []): Buffer {
  return headerBlock([
    [':method', 'GET'],
    [':scheme', 'https'],
    [':authority', authority],
    [':path', path],
    ...more,
  ])
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export interface SeenFrame {
  type: number
  flags: number
  stream: number
  payload: Buffer
}

/** Splits a server's bytes into frames, without an incomplete last one. */
export function readFrames(bytes: Buffer): SeenFrame[] {
  const frames: SeenFrame[] = []
  for (let at = 0; at + 9 <= bytes.length;) {
    const length = bytes.readUIntBE(at, 3)
    if (at + 9 + length > bytes.length) break
    frames.push({
      type: bytes[at + 3]!,
      flags: bytes[at + 4]!,
      stream: bytes.readUInt32BE(at + 5) & 0x7fffffff,
      payload: bytes.subarray(at + 9, at + 9 + length),
    })
    at += 9 + length
  }
  return frames
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  return Buffer.concat([integer(bytes.length), bytes])
}

/** An integer with a prefix of seven bits (RFC 7541, section 5.1), no Huffman coding. */
function integer(value: number): Buffer {
  if (value < 127) return Buffer.from([value])
  const bytes = [127]
  let rest = value - 127
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128)
  return Buffer.from([...bytes, rest])
}

const patienceMs = 3_000

/**
 * Sends `bytes` after the preface; returns the frames until `isEnough` or the end, and whether the server
 * closed.
 */
export async function exchangeFrames(
  socket: Socket,
  bytes: Buffer,
  isEnough: (frames: SeenFrame[]) => boolean = firstIsOver,
): Promise<{ frames: SeenFrame[]; closed: boolean }> {
  const chunks: Buffer[] = []
  const frames = (): SeenFrame[] => readFrames(Buffer.concat(chunks))
  let closed = true
  const end = (): void => {
    closed = false
    socket.destroy()
  }
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    if (isEnough(frames())) end()
  })
  // A reset is an answer too.
  socket.on('error', () => undefined)
  socket.write(Buffer.concat([preface, bytes]))
  const timer = setTimeout(end, patienceMs)
  await new Promise((resolve) => socket.once('close', resolve))
  clearTimeout(timer)
  return { frames: frames(), closed }
}

function firstIsOver(frames: SeenFrame[]): boolean {
  const ends = ({ type, flags }: SeenFrame): boolean =>
    type === frameTypes.reset ||
    ((type === frameTypes.headers || type === frameTypes.data) && (flags & endStream) !== 0)
  return frames.some((seen) => seen.stream === 1 && ends(seen))
}
