import { readSync } from 'node:fs'
import { EdgekeepError } from '../../contract/errors.ts'

const lineFeed = 10
const lookAgainMs = 20
/** Never woken. */
const sleeper = new Int32Array(new SharedArrayBuffer(4))
/** No passphrase, password or key in text is longer. */
const longestBytes = 64 * 1024

/**
 * The next line of standard input without its end, empty after the last. Nothing behind it is read, for whoever asks
 * next: one input may hold the passphrase of the vault, then that of a key.
 * @throws `usage.wrong` where the line does not end
 */
export function stdinLine(): string {
  const line: number[] = []
  for (let byte = readByte(); byte !== null && byte !== lineFeed; byte = readByte()) {
    if (line.length === longestBytes) throw new EdgekeepError('usage.wrong', { reason: tooLong })
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
      // So a closed pipe ends on Windows.
      if (code === 'EOF') return null
      // Whoever writes has written nothing yet, and the pipe does not wait: Node, or who began it, has set it so.
      if (code !== 'EAGAIN') throw error
      Atomics.wait(sleeper, 0, 0, lookAgainMs)
    }
  }
}
