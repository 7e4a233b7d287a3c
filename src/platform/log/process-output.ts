import type { Readable } from 'node:stream'
import type { LogFile } from './log-file.ts'
import { removed, withoutKeys } from './without-keys.ts'

/** What is longer is cut and the rest of the line left out, so that a process without line ends holds no memory. */
const longestLine = 16 * 1024

/** Only what can be part of a key stands on the line. */
const lineOfKey = /^[\w+/=:, -]*$/

/**
 * Writes what another process says on `output` to `file`, a line at a time with its time. A crash can say
 * anything: a key that goes on for several lines is removed over all of them. Ends with the stream.
 */
export function logProcessOutput(output: Readable, file: LogFile): void {
  const keys = new KeyOverLines()
  let pending = ''
  let isCut = false
  const end = (line: string) => {
    const kept = isCut ? null : keys.next(line)
    isCut = false
    if (kept !== null) file.write(`${new Date().toISOString()} ${kept}\n`)
  }
  output.setEncoding('utf8')
  output.on('data', (text: string) => {
    const lines = (pending + text).split(/\r?\n/)
    pending = lines.pop() ?? ''
    for (const line of lines) end(line)
    if (pending.length <= longestLine) return
    end(`${pending.slice(0, longestLine)} […]`)
    pending = ''
    isCut = true
  })
  output.on('error', () => undefined)
  output.on('close', () => {
    if (pending !== '') end(pending)
    file.close()
  })
}

/** Knows whether a key that began on a line before goes on. */
class KeyOverLines {
  #isInKey = false

  /** What may be written of the next line; null for nothing. */
  next(line: string): string | null {
    if (this.#isInKey && /-----END/.test(line)) {
      this.#isInKey = false
      return null
    }
    if (this.#isInKey && lineOfKey.test(line)) return null
    const kept = withoutKeys(line)
    this.#isInKey = kept.endsWith(removed)
    return kept
  }
}
