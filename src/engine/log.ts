import pino from 'pino'
import { openRotatedFile } from '../log/rotated-file.ts'
import { withoutKeys } from '../log/without-keys.ts'

export type Log = pino.Logger

/** JSON lines in `folder/name.log`, owner-only, rotated by size; nothing goes to stdout. */
export function openLog(folder: string, name: string): { log: Log; close(): void } {
  const file = openRotatedFile(folder, name)
  const write = (line: string) => file.write(withoutKeys(line))
  const log = pino({ base: { process: name }, timestamp: pino.stdTimeFunctions.isoTime }, { write })
  return { log, close: () => file.close() }
}
