import type { Readable } from 'node:stream'
import type { LogFile } from './log-file.ts'
import { removed, withoutKeys } from './without-keys.ts'

/** Longer lines are truncated, so that a process without line ends fills no memory. */
const longestLine = 16 * 1024

/** Line with only characters of a key. */
const lineOfKey = /^[\w+/=:, -]*$/

/**
 * Writes another process's `output` to `file`, line by line with timestamps. A crash can print anything: a
 * key that spans lines is removed from all of them. Ends with the stream.
 */
export function logProcessOutput(output: Readable, file: LogFile): void {
  const keys = new KeyOverLines()
  let pending = ''
  let isCut = false
  const end = (line: string) => {
    const redacted = isCut ? null : keys.next(line)
    isCut = false
    if (redacted !== null) file.write(`${new Date().toISOString()} ${redacted}\n`)
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

class KeyOverLines {
  #isInKey = false

  /** Filters the next line; null for nothing to write. */
  next(line: string): string | null {
    if (this.#isInKey && /-----END/.test(line)) {
      this.#isInKey = false
      return null
    }
    if (this.#isInKey && lineOfKey.test(line)) return null
    const redacted = withoutKeys(line)
    this.#isInKey = redacted.endsWith(removed)
    return redacted
  }
}
