import { inspect } from 'node:util'
import { openLogFile } from '../platform/log/log-file.ts'
import { withoutKeys } from '../platform/log/without-keys.ts'

/** Writes JSON lines about this process, in the same form as the engine's log. */
export interface DesktopLog {
  error(facts: object, message: string): void
  warn(facts: object, message: string): void
}

/** Levels of pino, as in the engine's log. */
const levels = { warn: 40, error: 50 }

/** Opens `folder/desktop.log`. pino would slow down the start of the window for little benefit. */
export function openDesktopLog(folder: string): DesktopLog {
  const file = openLogFile(folder, 'desktop')
  return logInto((line) => file.write(line))
}

/** Writes the same lines to stderr if no folder is writable. */
export const errorOutputLog: DesktopLog = logInto((line) => void process.stderr.write(withoutKeys(line)))

function logInto(take: (line: string) => void): DesktopLog {
  const write = (level: number) => (facts: object, message: string) => {
    const line = { level, time: new Date().toISOString(), process: 'desktop', ...plain(facts), msg: message }
    take(`${JSON.stringify(line)}\n`)
  }
  return { error: write(levels.error), warn: write(levels.warn) }
}

/** Converts an error, whose fields JSON would omit. */
function plain(given: object): object {
  const { err, ...facts } = given as { err?: unknown }
  if (err === undefined) return facts
  if (!(err instanceof Error)) return { ...facts, err: { message: inspect(err, { depth: 1 }) } }
  return { ...facts, err: { type: err.name, message: err.message, stack: err.stack } }
}
