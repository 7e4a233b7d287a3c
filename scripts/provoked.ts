import { existsSync, readFileSync } from 'node:fs'
import { errorRegistry } from '../src/contract/errors/registry.ts'

/**
 * Compares the codes in `file`, a line each, with the registry. `test/support/provoked-codes.ts` writes the
 * file during tests: a code counts when the product responded with it, not when a test names it or creates
 * such an error itself.
 */
export function neverProvoked(file: string): { provoked: number; missing: string[] } {
  const noted = new Set(existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [])
  const codes = Object.keys(errorRegistry)
  const missing = codes.filter((code) => !noted.has(code))
  return { provoked: codes.length - missing.length, missing }
}
