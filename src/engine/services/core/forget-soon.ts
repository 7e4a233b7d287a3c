import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const collectEveryMs = 250
/** What an object outside the heap keeps, a blob's bytes for one, goes when that object has gone. */
const collections = 3

let left = 0
let timer: NodeJS.Timeout | null = null
let collect: (() => void) | null = null

/**
 * Has the garbage collector run soon. Key objects, blobs and the buffers of channels cannot be zeroed
 * from JavaScript: OpenSSL clears a key when its last object is collected, and what Node copied is
 * freed then. In a process that has nothing to do this would not happen for hours.
 *
 * A collection takes some 30 ms; calls in a row make one every `collectEveryMs`.
 */
export function forgetSoon(): void {
  left = collections
  timer ??= setInterval(run, collectEveryMs).unref()
}

function run(): void {
  collect ??= collector()
  collect()
  left -= 1
  if (left > 0 || !timer) return
  clearInterval(timer)
  timer = null
}

/** V8 has it behind a flag, which may be set at run time. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
