import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

const CHUNK_BYTES = 16 * 1024 * 1024

/** How often the bytes are in what a process may write to: its heaps, stacks and buffers (Linux). */
export function timesInMemory(pid: number, needle: Buffer): number {
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    return writableRanges(pid).reduce((times, range) => times + timesInRange(memory, range, needle), 0)
  } finally {
    closeSync(memory)
  }
}

interface Range {
  start: number
  end: number
}

function writableRanges(pid: number): Range[] {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8')
  return [...maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm)].map(([, start = '', end = '']) => ({
    start: Number.parseInt(start, 16),
    end: Number.parseInt(end, 16),
  }))
}

function timesInRange(memory: number, { start, end }: Range, needle: Buffer): number {
  let times = 0
  for (let at = start; at < end; at += CHUNK_BYTES) {
    // Each chunk reaches into the next one by less than the needle, so that none is missed or counted twice.
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES + needle.length - 1, end - at))
    const bytes = chunk.subarray(0, readable(memory, chunk, at))
    for (let found = bytes.indexOf(needle); found >= 0; found = bytes.indexOf(needle, found + 1)) times += 1
  }
  return times
}

/** A range may be gone or be a device by now. */
function readable(memory: number, chunk: Buffer, at: number): number {
  try {
    return readSync(memory, chunk, 0, chunk.length, at)
  } catch {
    return 0
  }
}
