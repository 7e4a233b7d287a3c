import pino from 'pino'
import { openLogFile } from '../../platform/log/log-file.ts'
import { withoutKeys } from '../../platform/log/without-keys.ts'

export type Log = pino.Logger

/** Opens JSON lines in `folder/name.log`, rotated as in `openLogFile`; nothing goes to stdout. */
export function openLog(folder: string, name: string): { log: Log; close(): void } {
  const file = openLogFile(folder, name)
  const log = pino({ base: { process: name }, timestamp: pino.stdTimeFunctions.isoTime }, file)
  return { log, close: () => file.close() }
}

/** Writes the same lines to stderr, for a process without a folder. */
export function openErrorLog(name: string): Log {
  const write = (line: string) => void process.stderr.write(withoutKeys(line))
  return pino({ base: { process: name }, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}
