import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { z } from 'zod'

/** What the app keeps of its own in `path`, as `schema` has it; null where there is nothing, or something else. */
export function readKept<S extends z.ZodType>(path: string, schema: S): z.infer<S> | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
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
