import { PerformanceObserver, constants } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const lookEveryMs = 500
/** What an object outside the heap keeps, a blob's bytes for one, goes when that object has gone. */
const collections = 3
/** Of those that follow each other where keys are used all the time: each takes a tenth of a second of the processor. */
const spacingMs = 2_000
/** A collection in steps takes a tenth of a second, and seconds where others want the processor. */
const patienceMs = 10_000
/** V8 begins to collect when this much has been allocated outside its heap since it last did. */
const externalLimitBytes = 64 * 1024 * 1024

let left = 0
let timer: NodeJS.Timeout | null = null
let askedAt: number | null = null
/** How many may be asked for at once: `collections` after some seconds without any. */
let allowance = collections
let allowedAt = 0
let collect: (() => void) | null = null

const observer = new PerformanceObserver((list) => {
  if (askedAt === null || !list.getEntries().some(isMajor)) return
  ended()
})

/**
 * Has the garbage collector run soon. Key objects, blobs and the buffers of channels cannot be zeroed
 * from JavaScript: OpenSSL clears a key when its last object is collected, and what Node copied is
 * freed then. In a process that has nothing to do this would not happen for hours.
 *
 * A collection that is forced holds the thread for 50 to 80 ms, in which nobody is answered. So V8 is brought to
 * collect in steps of a few milliseconds, and forced only where that has not come to an end in `patienceMs`. Three
 * are waited for, also since the first may have begun before the key was dropped.
 */
export function forgetSoon(): void {
  left = collections
  if (timer) return
  observer.observe({ entryTypes: ['gc'] })
  timer = setInterval(look, lookEveryMs).unref()
}

function look(): void {
  const now = performance.now()
  if (askedAt !== null) {
    if (now - askedAt > patienceMs) force()
    return
  }
  allowance = Math.min(collections, allowance + (now - allowedAt) / spacingMs)
  allowedAt = now
  if (allowance < 1) return
  allowance -= 1
  ask()
}

/** An allocation that is never written to costs no memory, and its size is what V8 goes by. */
function ask(): void {
  askedAt = performance.now()
  try {
    void new ArrayBuffer(externalLimitBytes + 1)
  } catch (error) {
    // No such memory can be had where the system hands out only what it has.
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

/** V8 has it behind a flag, which may be set at run time. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
