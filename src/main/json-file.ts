import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Reads and validates a JSON file; null if missing or invalid. */
export function readJsonFile<T>(path: string, read: (value: unknown) => T | null): T | null {
  try {
    return read(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // Losing this is harmless: the app starts with its defaults.
    return null
  }
}

/** Writes the file atomically and owner-only. */
export function writeJsonFile(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
