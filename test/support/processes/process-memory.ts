import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'

/** Reason why a child process's memory cannot be read here; null if it can. */
export function whyUnreadable(): string | null {
  if (process.platform !== 'linux') return `${process.platform} has no /proc/PID/mem`
  if (process.getuid?.() === 0) return null
  const path = '/proc/sys/kernel/yama/ptrace_scope'
  const scope = existsSync(path) ? readFileSync(path, 'utf8').trim() : '0'
  // 1: of children and their children.
  return scope === '0' || scope === '1' ? null : `${path} is ${scope}, and this is not the administrator`
}

const pageBytes = process.platform === 'linux' ? pageBytesHere() : 0
const chunkBytes = 16 * 1024 * 1024
const shortestNeedle = 16

/**
 * Counts each byte string (16 bytes or more) in the private memory of a process (Linux); absent ones are left
 * out. Empty after the process has ended.
 */
export function timesInMemory(pid: number, needles: ReadonlyMap<string, Buffer>): Record<string, number> {
  const memory = openOf(pid, 'mem')
  if (memory === null) return {}
  const search = new Search(needles)
  const bytes = Buffer.from(new ArrayBuffer(chunkBytes))
  try {
    for (const { start, end } of populatedRanges(pid)) {
      for (let at = start; at < end; at += chunkBytes - search.overlap)
        search.in(bytes, readable(memory, bytes, { at, end }), at === start)
    }
  } finally {
    closeSync(memory)
  }
  return search.times
}

/** Page size of this program's own mapping, the first one. */
function pageBytesHere(): number {
  const [, kb] = /^KernelPageSize: +(\d+) kB$/m.exec(readFileSync('/proc/self/smaps', 'utf8')) ?? []
  return Number(kb) * 1024
}

interface Window {
  name: string
  needle: Buffer
  /** Offset of the four bytes within the needle. */
  offset: number
}

/**
 * Many byte strings in one pass. Wherever a string of eleven bytes or more stands, it has four bytes that
 * begin at a multiple of eight: only those are looked at, and what they could be the beginning of is compared.
 */
class Search {
  readonly times: Record<string, number> = {}
  /** Overlap of chunks, so that no string is cut at their border; a multiple of eight. */
  readonly overlap: number
  readonly #windows = new Map<number, Window[]>()
  readonly #possible = new Uint8Array(0x10000)

  constructor(needles: ReadonlyMap<string, Buffer>) {
    for (const [name, needle] of needles) {
      if (needle.length < shortestNeedle) throw new Error(`${name} is too short to be searched for.`)
      for (let offset = 0; offset < 8; offset += 1) this.#add({ name, needle, offset })
    }
    const longest = Math.max(...[...needles.values()].map(({ length }) => length))
    this.overlap = Math.ceil(longest / 8) * 8
  }

  /** Counts matches that end after the overlap: those within it were counted with the previous chunk. */
  in(bytes: Buffer, length: number, isFirst: boolean): void {
    const counted = isFirst ? 0 : this.overlap
    const words = new Uint32Array(bytes.buffer, 0, length >> 2)
    for (let at = 0; at < words.length; at += 2) {
      const word = words[at] as number
      if (word === 0 || this.#possible[slotOf(word)] === 0) continue
      for (const { name, needle, offset } of this.#windows.get(word) ?? []) {
        const start = at * 4 - offset
        const end = start + needle.length
        if (start < 0 || end > length || end <= counted) continue
        if (bytes.compare(needle, 0, needle.length, start, end) !== 0) continue
        this.times[name] = (this.times[name] ?? 0) + 1
      }
    }
  }

  #add(window: Window): void {
    const { needle, offset } = window
    const [word = 0] = new Uint32Array(Uint8Array.from(needle.subarray(offset, offset + 4)).buffer)
    // Skips zeros, most of a memory.
    if (word === 0) throw new Error(`${window.name} has four zeros in a row.`)
    this.#possible[slotOf(word)] = 1
    const others = this.#windows.get(word)
    if (others) others.push(window)
    else this.#windows.set(word, [window])
  }
}

function slotOf(word: number): number {
  return (word ^ (word >>> 16)) & 0xffff
}

/** Null where the process has ended. */
function openOf(pid: number, file: 'mem' | 'pagemap'): number | null {
  return nullOnceEnded(() => openSync(`/proc/${pid}/${file}`, 'r'))
}

/** ESRCH: the process has ended, and its parent has not waited for it yet. */
function nullOnceEnded<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

interface Range {
  start: number
  end: number
}

/**
 * Ranges of pages that are in memory or swapped out (Linux, Documentation/admin-guide/mm/pagemap.rst). Most
 * reserved memory has never been written to, and takes as long to read as what has.
 */
function populatedRanges(pid: number): Range[] {
  const pages = openOf(pid, 'pagemap')
  if (pages === null) return []
  try {
    return ownRanges(pid).flatMap((range) => populatedIn(range, pages))
  } finally {
    closeSync(pages)
  }
}

const bytesOfEntry = 8
/** In the last byte of an entry, little-endian: page present (bit 63), page swapped (bit 62). */
const populated = 0xc0

function populatedIn({ start, end }: Range, pages: number): Range[] {
  const entries = Buffer.alloc(((end - start) / pageBytes) * bytesOfEntry)
  const length = readSync(pages, entries, 0, entries.length, (start / pageBytes) * bytesOfEntry)
  const found: Range[] = []
  for (let at = bytesOfEntry - 1; at < length; at += bytesOfEntry) {
    if (((entries[at] as number) & populated) === 0) continue
    const page = start + Math.floor(at / bytesOfEntry) * pageBytes
    const last = found.at(-1)
    if (last?.end === page) last.end += pageBytes
    else found.push({ start: page, end: page + pageBytes })
  }
  return found
}

/** Heaps, stacks and buffers, whatever their permissions now: freed memory may have lost them. */
function ownRanges(pid: number): Range[] {
  const ranges: Range[] = []
  const maps = nullOnceEnded(() => readFileSync(`/proc/${pid}/smaps`, 'utf8')) ?? ''
  for (const entry of maps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const [, start = '', end = ''] = /^([0-9a-f]+)-([0-9a-f]+) /.exec(entry) ?? []
    const ownKb = [...entry.matchAll(/^(?:Private_Dirty|Shared_Dirty|Swap): +(\d+) kB/gm)]
    if (ownKb.some(([, kb]) => kb !== '0'))
      ranges.push({ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) })
  }
  return ranges
}

/** A range may have been unmapped, or be a device. */
function readable(memory: number, bytes: Buffer, { at, end }: { at: number; end: number }): number {
  try {
    return readSync(memory, bytes, 0, Math.min(bytes.length, end - at), at)
  } catch {
    return 0
  }
}
