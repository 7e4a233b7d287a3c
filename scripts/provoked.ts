import { existsSync, readFileSync } from 'node:fs'
import { errorRegistry } from '../src/contract/errors.ts'

/**
 * Compares the codes that `file` has, a line each, with those of the registry. The file is written by
 * `test/support/provoked-codes.ts` while tests run: a code counts when the product answered with it, not when a
 * test names it or makes such an error itself.
 */
export function neverProvoked(file: string): { provoked: number; missing: string[] } {
  const noted = new Set(existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [])
  const codes = Object.keys(errorRegistry)
  const missing = codes.filter((code) => !noted.has(code))
  return { provoked: codes.length - missing.length, missing }
}
