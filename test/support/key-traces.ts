import { createPrivateKey } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'

/** Bytes of a private key as a process may have them in memory, each long enough to be no accident. */
export interface KeyTraces {
  /** What is looked for, by what it is: `d, little-endian`. */
  byName: Map<string, Buffer>
}

/** Long enough not to be in memory by chance, and short, because half of a number is a trace too. */
const traceBytes = 16

/**
 * The forms of a private key: the lines of its PEM text, its DER, and its secret numbers as they are
 * written (big-endian) and as OpenSSL computes with them (limbs, which on these machines is
 * little-endian), the first and the last bytes of each apart.
 */
export function tracesOf(keyPem: string): KeyTraces {
  const key = createPrivateKey(keyPem)
  const { d, p, q, dp, dq, qi } = key.export({ format: 'jwk' })
  const byName = new Map<string, Buffer>()
  const put = (name: string, bytes: Buffer): void => {
    byName.set(`${name}, begin`, bytes.subarray(0, traceBytes))
    byName.set(`${name}, end`, bytes.subarray(-traceBytes))
  }
  const der = key.export({ type: 'pkcs8', format: 'der' })
  for (const [name, text] of Object.entries({ d, p, q, dp, dq, qi })) {
    if (!text) continue
    const bytes = Buffer.from(text, 'base64url')
    put(`${name} big-endian`, bytes)
    put(`${name} little-endian`, Buffer.from(bytes).reverse())
    const at = der.indexOf(bytes)
    byName.set(`${name} in DER`, der.subarray(at - 4, at + traceBytes))
    for (const { line, characters } of inPem(der, at, bytes.length))
      byName.set(`${name} in line ${line} of PEM`, characters)
  }
  return { byName }
}

const bytesOfLine = 48

/** The part of each line that stands for secret bytes alone: the public key is in the certificate too. */
function inPem(der: Buffer, at: number, length: number): { line: number; characters: Buffer }[] {
  const lines = Array.from({ length: Math.ceil(der.length / bytesOfLine) }, (_, index) => index)
  return lines.flatMap((index) => {
    const start = index * bytesOfLine
    const from = start + Math.ceil((Math.max(at, start) - start) / 3) * 3
    const to = start + Math.floor((Math.min(at + length, start + bytesOfLine) - start) / 3) * 3
    const characters = Buffer.from(der.subarray(from, Math.max(from, to)).toString('base64'))
    return characters.length < traceBytes ? [] : [{ line: index + 1, characters }]
  })
}

/** Why the memory of a process that this one has started cannot be read here; null where it can. */
export function whyUnreadable(): string | null {
  if (process.platform !== 'linux') return `${process.platform} has no /proc/PID/mem`
  if (process.getuid?.() === 0) return null
  const path = '/proc/sys/kernel/yama/ptrace_scope'
  const scope = existsSync(path) ? readFileSync(path, 'utf8').trim() : '0'
  // 1: of children and their children.
  return scope === '0' || scope === '1' ? null : `${path} is ${scope}, and this is not the administrator`
}

const chunkBytes = 16 * 1024 * 1024

/** How often each trace is in the memory that a process has to itself (Linux); those that are there. */
export function tracesInMemory(pid: number, { byName }: KeyTraces): Record<string, number> {
  const memory = openMemory(pid)
  if (memory === null) return {}
  const chunk = Buffer.alloc(chunkBytes)
  const overlap = Math.max(...[...byName.values()].map(({ length }) => length)) - 1
  const found: Record<string, number> = {}
  try {
    for (const { start, end } of ownRanges(pid)) {
      for (let at = start; at < end; at += chunkBytes - overlap) {
        const bytes = chunk.subarray(0, readable(memory, chunk, at, end))
        for (const [name, trace] of byName) {
          const times = timesIn(bytes, trace)
          if (times > 0) found[name] = (found[name] ?? 0) + times
        }
      }
    }
  } finally {
    closeSync(memory)
  }
  return found
}

/** Null where the process has ended: its memory has gone with it. */
function openMemory(pid: number): number | null {
  try {
    return openSync(`/proc/${pid}/mem`, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function timesIn(bytes: Buffer, trace: Buffer): number {
  let times = 0
  for (let at = bytes.indexOf(trace); at >= 0; at = bytes.indexOf(trace, at + 1)) times += 1
  return times
}

/** Heaps, stacks and buffers, whatever may be done with them now: what was freed may have lost its rights. */
function ownRanges(pid: number): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = []
  const entries = readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)
  for (const entry of entries) {
    const [, start = '', end = ''] = /^([0-9a-f]+)-([0-9a-f]+) /.exec(entry) ?? []
    const ownKb = [...entry.matchAll(/^(?:Private_Dirty|Shared_Dirty|Swap): +(\d+) kB/gm)]
    if (ownKb.some(([, kb]) => kb !== '0'))
      ranges.push({ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) })
  }
  return ranges
}

/** A range may be gone or be a device by now. */
function readable(memory: number, chunk: Buffer, at: number, end: number): number {
  try {
    return readSync(memory, chunk, 0, Math.min(chunk.length, end - at), at)
  } catch {
    return 0
  }
}
