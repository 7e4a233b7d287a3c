import pino from 'pino'
import { openRotatedFile } from '../log/rotated-file.ts'
import { withoutKeys } from '../log/without-keys.ts'

export type Log = pino.Logger

/**
 * JSON lines in `folder/name.log`, owner-only, rotated by size; nothing goes to stdout. Never throws, not on a
 * full disk either: what was to be logged must not end because of that. Lines that are lost are counted, and
 * the next one that can be written says how many.
 */
export function openLog(folder: string, name: string): { log: Log; close(): void } {
  const file = openRotatedFile(folder, name)
  let lost = 0
  const write = (line: string) => {
    try {
      if (lost > 0) file.write(`\n${JSON.stringify({ time: new Date().toISOString(), linesLost: lost })}\n`)
      lost = 0
      file.write(withoutKeys(line))
    } catch {
      lost += 1
    }
  }
  const log = pino({ base: { process: name }, timestamp: pino.stdTimeFunctions.isoTime }, { write })
  return { log, close: () => file.close() }
}

/** The same lines on the error output, for a process without a folder to write into. */
export function openErrorLog(name: string): Log {
  const write = (line: string) => void process.stderr.write(withoutKeys(line))
  return pino({ base: { process: name }, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}
