import { inspect } from 'node:util'
import { openLogFile } from '../platform/log/log-file.ts'
import { withoutKeys } from '../platform/log/without-keys.ts'

/** Writes lines of JSON about this process: the engine's own log has the same form. */
export interface DesktopLog {
  error(facts: object, message: string): void
  warn(facts: object, message: string): void
}

/** The engine's numbers for how bad a line is, which are pino's. */
const levels = { warn: 40, error: 50 }

/** `folder/desktop.log`, as `openLogFile` keeps it. pino would cost the start of the window more than it brings here. */
export function openDesktopLog(folder: string): DesktopLog {
  const file = openLogFile(folder, 'desktop')
  return logInto((line) => file.write(line))
}

/** The same lines on the error output, where no folder can be written into. */
export const errorOutputLog: DesktopLog = logInto((line) => void process.stderr.write(withoutKeys(line)))

function logInto(take: (line: string) => void): DesktopLog {
  const write = (level: number) => (facts: object, message: string) => {
    const line = { level, time: new Date().toISOString(), process: 'desktop', ...plain(facts), msg: message }
    take(`${JSON.stringify(line)}\n`)
  }
  return { error: write(levels.error), warn: write(levels.warn) }
}

/** An error has no fields of its own that JSON would show. */
function plain(given: object): object {
  const { err, ...facts } = given as { err?: unknown }
  if (err === undefined) return facts
  if (!(err instanceof Error)) return { ...facts, err: { message: inspect(err, { depth: 1 }) } }
  return { ...facts, err: { type: err.name, message: err.message, stack: err.stack } }
}
