import { readSync } from 'node:fs'

const lineFeed = 10

/**
 * The next line of standard input without its end, empty after the last. Nothing behind it is read, for whoever asks
 * next: one input may hold the passphrase of the vault, then that of a key.
 */
export function stdinLine(): string {
  const line: number[] = []
  for (let byte = readByte(); byte !== null && byte !== lineFeed; byte = readByte()) line.push(byte)
  return Buffer.from(line).toString('utf8').replace(/\r$/, '')
}

/** Null after the last. */
function readByte(): number | null {
  const byte = new Uint8Array(1)
  try {
    return readSync(0, byte) === 0 ? null : (byte[0] ?? null)
  } catch (error) {
    // So a closed pipe ends on Windows.
    if ((error as NodeJS.ErrnoException).code === 'EOF') return null
    throw error
  }
}
