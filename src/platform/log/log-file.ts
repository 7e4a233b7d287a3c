import { openRotatedFile } from './rotated-file.ts'
import { withoutKeys } from './without-keys.ts'

export interface LogFile {
  /** Appends lines, each with its line end. Never throws. */
  write(lines: string): void
  close(): void
}

/**
 * The one way by which a line about ourselves reaches `folder/name.log`: without private keys, for its owner
 * alone, rotated by size. Never throws, not on a full disk either: what was to be logged must not end because
 * of that. Lines that are lost are counted, and the next one that can be written says how many.
 */
export function openLogFile(folder: string, name: string): LogFile {
  const file = openRotatedFile(folder, name)
  let lost = 0
  return {
    write(lines) {
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
