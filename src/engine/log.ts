import pino from 'pino'
import { openLogFile } from '../log/log-file.ts'

export type Log = pino.Logger

/** JSON lines in `folder/name.log`, as `openLogFile` keeps them; nothing goes to stdout. */
export function openLog(folder: string, name: string): { log: Log; close(): void } {
  const file = openLogFile(folder, name)
  const log = pino({ base: { process: name }, timestamp: pino.stdTimeFunctions.isoTime }, file)
  return { log, close: () => file.close() }
}
