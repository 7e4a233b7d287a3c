import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** What the app keeps of its own in `path`, as `read` takes it; null where there is nothing, or something else. */
export function readKept<T>(path: string, read: (kept: unknown) => T | null): T | null {
  try {
    return read(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // Losing this is harmless: the app starts as it did the first time.
    return null
  }
}

/** Writes it whole or not at all, for its owner alone. */
export function writeKept(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
