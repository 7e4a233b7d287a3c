import { readSync } from 'node:fs'
import { usageError } from '../frame/command.ts'

const lineFeed = 10
const lookAgainMs = 20
/** Wait target that is never notified. */
const sleeper = new Int32Array(new SharedArrayBuffer(4))
/** Longer than every passphrase, password or key in text. */
const longestBytes = 64 * 1024

/**
 * Reads the next line of standard input without its end, empty after the last. Reads no byte beyond it: one
 * input may have the passphrase of the vault, then that of a key.
 * @throws `usage.wrong` for a line that is too long
 */
export function stdinLine(): string {
  const line: number[] = []
  for (let byte = readByte(); byte !== null && byte !== lineFeed; byte = readByte()) {
    if (line.length === longestBytes) throw usageError(tooLong)
    line.push(byte)
  }
  return Buffer.from(line).toString('utf8').replace(/\r$/, '')
}

const tooLong =
  'A line of standard input has more than 64 kB, which no passphrase has. Give each passphrase a line of its own.'

/** Null after the last. */
function readByte(): number | null {
  const byte = new Uint8Array(1)
  for (;;) {
    try {
      return readSync(0, byte) === 0 ? null : (byte[0] ?? null)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // End of a closed pipe on Windows.
      if (code === 'EOF') return null
      // EAGAIN: no data yet in a pipe that Node or its creator made non-blocking.
      if (code !== 'EAGAIN') throw error
      Atomics.wait(sleeper, 0, 0, lookAgainMs)
    }
  }
}
