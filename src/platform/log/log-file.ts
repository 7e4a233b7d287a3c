import { openRotatedFile } from './rotated-file.ts'
import { withoutKeys } from './without-keys.ts'

export type LogFile = ReturnType<typeof openLogFile>

/**
 * Opens `folder/name.log`, the only sink for log lines: without private keys, owner-only, rotated by size.
 * Never throws, even on a full disk: logging must not end its caller. Lost lines are counted, and the next
 * written line gives their number.
 */
export function openLogFile(folder: string, name: string) {
  const file = openRotatedFile(folder, name)
  let lost = 0
  return {
    /** Appends lines, each with its line end. Never throws. */
    write(lines: string) {
      try {
        if (lost > 0) file.write(`\n${JSON.stringify({ time: new Date().toISOString(), linesLost: lost })}\n`)
        lost = 0
        file.write(withoutKeys(lines))
      } catch {
        lost += 1
      }
    },
    close: () => file.close(),
  }
}
