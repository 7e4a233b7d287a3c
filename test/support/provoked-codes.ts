import { appendFileSync } from 'node:fs'

/**
 * File that collects provoked codes in a run of all tests, one per line; see `scripts/test.ts`. Unset:
 * nothing is collected.
 */
const file = process.env.EDGEKEEP_PROVOKED
const seen = new Set<string>()
const isHeard = Symbol.for('edgekeep.heard')

/** Records that a process of the product has answered with `code`. */
export function provoked(code: string): void {
  if (!file || seen.has(code)) return
  seen.add(code)
  appendFileSync(file, `${code}\n`)
}

// Counts the product's errors in this process, not those that a test makes itself.
if (file) {
  const { errorRegistry } = await import('../../src/contract/errors/registry.ts')
  listenTo(errorRegistry)
}

/** Once per registry: this module is loaded anew for each test file, the registry may not be. */
function listenTo(registry: object): void {
  if (isHeard in registry) return
  Object.defineProperty(registry, isHeard, { value: true })
  for (const [code, definition] of Object.entries(registry)) {
    const { sentence } = definition as { sentence: (data: unknown) => string }
    Object.assign(definition as object, {
      sentence: (data: unknown) => {
        if (!seen.has(code) && isMadeByProduct()) provoked(code)
        return sentence(data)
      },
    })
  }
}

/** Checks that the first caller outside the registry is a file of the product. */
function isMadeByProduct(): boolean {
  const frames = (new Error().stack ?? '').split('\n').slice(1)
  const caller = frames.find((frame) => !/provoked-codes\.ts|contract\/errors\.ts/.test(frame))
  return caller?.includes('/src/') ?? false
}
