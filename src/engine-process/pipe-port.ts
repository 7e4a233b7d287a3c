import type { Readable, Writable } from 'node:stream'
import type { FramePort } from '../client/port-frames.ts'

/*
 * Frames of the contract over a pair of pipes: length (four bytes, big-endian), type (one byte), payload.
 */

const headBytes = 5
const text = 0
const bytes = 1
/** The contract's upload limit plus the overhead of frames; the engine's socket has the same limit. */
const mostBytes = 32 * 1024 * 1024

/** Writes one frame; `written` is called when its bytes are no longer needed. */
export function writeFrame(to: Writable, frame: string | Uint8Array, written?: () => void): void {
  const payload = typeof frame === 'string' ? Buffer.from(frame, 'utf8') : frame
  const head = Buffer.alloc(headBytes)
  head.writeUInt32BE(payload.byteLength)
  head[headBytes - 1] = typeof frame === 'string' ? text : bytes
  to.write(head)
  to.write(payload, () => written?.())
}

/** Calls `take` with each frame, and `end` once when the pipe ends or sends an invalid frame. */
export function readFrames(
  from: Readable,
  take: (frame: string | Uint8Array<ArrayBuffer>) => void,
  end: () => void,
): void {
  let chunks: Buffer[] = []
  let bufferedBytes = 0
  let ended = false
  const finish = () => {
    if (ended) return
    ended = true
    chunks = []
    end()
  }
  const cut = (length: number): Buffer => {
    const all = Buffer.concat(chunks)
    chunks = [all.subarray(length)]
    bufferedBytes -= length
    return all.subarray(0, length)
  }
  let wanted: { kind: number; length: number } | null = null
  from.on('data', (chunk: Buffer) => {
    if (ended) return
    chunks.push(chunk)
    bufferedBytes += chunk.byteLength
    for (;;) {
      if (!wanted) {
        if (bufferedBytes < headBytes) return
        const head = cut(headBytes)
        wanted = { length: head.readUInt32BE(), kind: head[headBytes - 1] ?? text }
        if (wanted.length > mostBytes || wanted.kind > bytes) return finish()
      }
      if (bufferedBytes < wanted.length) return
      const payload = cut(wanted.length)
      take(wanted.kind === text ? payload.toString('utf8') : Uint8Array.from(payload))
      wanted = null
    }
  })
  from.on('end', finish).on('error', finish).on('close', finish)
}

export function pipePort(from: Readable, to: Writable): FramePort {
  const events = new EventTarget()
  to.on('error', () => undefined)
  return {
    addEventListener: events.addEventListener.bind(events),
    postMessage: (frame) =>
      writeFrame(to, typeof frame === 'string' ? frame : new Uint8Array(frame as ArrayBuffer)),
    start: () =>
      readFrames(
        from,
        (data) =>
          events.dispatchEvent(
            new MessageEvent('message', { data: typeof data === 'string' ? data : data.buffer }),
          ),
        () => events.dispatchEvent(new Event('close')),
      ),
  }
}
