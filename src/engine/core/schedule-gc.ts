import { PerformanceObserver, constants } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const lookEveryMs = 500
/**
 * An object's memory outside the heap, such as a blob's bytes, is freed only one collection after the object.
 */
const collections = 3
/** Minimum interval between collections under constant use of keys: each takes 0.1 s of CPU time. */
const spacingMs = 2_000
/** Deadline of an incremental collection. One takes 0.1 s, but seconds on a busy processor. */
const deadlineMs = 10_000
/** V8 starts a collection after this many bytes of allocations outside its heap since the last one. */
const externalLimitBytes = 64 * 1024 * 1024

let left = 0
let timer: NodeJS.Timeout | null = null
let askedAt: number | null = null
/** Collections allowed at once: `collections` after some seconds without any. */
let allowance = collections
let allowedAt = 0
let collect: (() => void) | null = null

const observer = new PerformanceObserver((list) => {
  if (askedAt === null || !list.getEntries().some(isMajor)) return
  ended()
})

/**
 * Schedules garbage collections. Key objects, blobs and the buffers of channels cannot be zeroed from
 * JavaScript: OpenSSL clears a key when its last object is collected, and Node's copies are freed then. In an
 * idle process this would not happen for hours.
 *
 * A forced collection blocks the thread for 50 to 80 ms. So V8 is made to collect in steps of a few
 * milliseconds, and is forced only after `deadlineMs`. Three collections are awaited, also because the first
 * may have begun before the key was dropped.
 */
export function scheduleGc(): void {
  left = collections
  if (timer) return
  observer.observe({ entryTypes: ['gc'] })
  timer = setInterval(look, lookEveryMs).unref()
}

/** Schedules them at the end of a scope: `using _gc = gcAtEnd()`. */
export function gcAtEnd(): Disposable {
  return { [Symbol.dispose]: scheduleGc }
}

function look(): void {
  const now = performance.now()
  if (askedAt !== null) {
    if (now - askedAt > deadlineMs) force()
    return
  }
  allowance = Math.min(collections, allowance + (now - allowedAt) / spacingMs)
  allowedAt = now
  if (allowance < 1) return
  allowance -= 1
  ask()
}

/** Allocates to raise V8's count of external bytes; memory that is never written to is not committed. */
function ask(): void {
  askedAt = performance.now()
  try {
    void new ArrayBuffer(externalLimitBytes + 1)
  } catch (error) {
    // Fails on systems without memory overcommit.
    if (!(error instanceof RangeError)) throw error
    force()
  }
}

function force(): void {
  collect ??= collector()
  collect()
  ended()
}

function ended(): void {
  askedAt = null
  left -= 1
  if (left > 0 || !timer) return
  clearInterval(timer)
  timer = null
  observer.disconnect()
}

function isMajor(entry: object): boolean {
  return (entry as { detail: { kind: number } }).detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR
}

/** V8 exposes its collector by a flag, which can be set at run time. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
