import { appendFileSync } from 'node:fs'

/**
 * Where a run of all tests gathers the codes that were provoked, a line each; see `scripts/test.ts`.
 * Without it nothing is gathered.
 */
const file = process.env.EDGEKEEP_PROVOKED
const seen = new Set<string>()

/** Says that a process of the product has answered with `code`. */
export function provoked(code: string): void {
  if (!file || seen.has(code)) return
  seen.add(code)
  appendFileSync(file, `${code}\n`)
}

// Before each file of tests: whatever the product throws in this process counts, what a test makes itself does not.
if (file) {
  const { errorRegistry } = await import('../../src/contract/errors.ts')
  for (const [code, definition] of Object.entries(errorRegistry)) {
    const { sentence } = definition as { sentence: (data: unknown) => string }
    Object.assign(definition, {
      sentence: (data: unknown) => {
        if (!seen.has(code) && isMadeByProduct()) provoked(code)
        return sentence(data)
      },
    })
  }
}

/** Whether the first caller outside the registry is a file of the product. */
function isMadeByProduct(): boolean {
  const frames = (new Error().stack ?? '').split('\n').slice(1)
  const caller = frames.find((frame) => !/provoked-codes\.ts|contract\/errors\.ts/.test(frame))
  return caller?.includes('/src/') ?? false
}
