import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'

/** Failure to read what is no ordinary file (`sizeBytes` null), or is larger than the limit. */
export class UnsuitableFile extends Error {
  readonly sizeBytes: number | null

  constructor(sizeBytes: number | null) {
    super(sizeBytes === null ? 'it is no ordinary file' : 'it is too large')
    this.sizeBytes = sizeBytes
  }
}

const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)

/**
 * Reads a file that another may have put there: a device, pipe or socket is not opened, and one that takes the
 * file's place meanwhile is neither waited for nor read. The caller owns the bytes and may wipe them.
 * @throws `UnsuitableFile`, and the system's error
 */
export function readOrdinaryFile(path: string, mostBytes: number): Buffer<ArrayBuffer> {
  const isOrdinary = (found: ReturnType<typeof fstatSync>) => found.isFile() || found.isDirectory()
  if (!isOrdinary(statSync(path))) throw new UnsuitableFile(null)
  const descriptor = openSync(path, openFlags)
  try {
    const found = fstatSync(descriptor)
    // The attempt to read a folder reports it.
    if (!isOrdinary(found)) throw new UnsuitableFile(null)
    if (found.size > mostBytes && found.isFile()) throw new UnsuitableFile(found.size)
    return readDescriptor(descriptor, mostBytes, found.size)
  } finally {
    closeSync(descriptor)
  }
}

/** First buffer for a file whose size is not known, as those of /proc. */
const leastBytes = 4096

/** Reads an open file to its end. @throws as `readOrdinaryFile` */
export function readDescriptor(descriptor: number, mostBytes: number, sizeBytes = 0): Buffer<ArrayBuffer> {
  let bytes = Buffer.alloc(Math.min(Math.max(sizeBytes, leastBytes), mostBytes) + 1)
  let length = 0
  for (let more = -1; more !== 0; length += more) {
    if (length > mostBytes) {
      bytes.fill(0)
      throw new UnsuitableFile(length)
    }
    if (length === bytes.length) bytes = moved(bytes, Math.min(length * 2, mostBytes + 1))
    more = readAwaited(descriptor, bytes, length)
  }
  return bytes.subarray(0, length)
}

const pauseMs = 20

/** Waits for the writer of a pipe that does not block: `process.stdin` makes one of standard input. */
function readAwaited(descriptor: number, bytes: Buffer, from: number): number {
  for (;;) {
    try {
      return readSync(descriptor, bytes, from, bytes.length - from, null)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
    }
  }
}

/** Leaves nothing in the former buffer: a file may be a key. */
function moved(bytes: Buffer<ArrayBuffer>, sizeBytes: number): Buffer<ArrayBuffer> {
  const larger = Buffer.alloc(sizeBytes)
  bytes.copy(larger)
  bytes.fill(0)
  return larger
}
