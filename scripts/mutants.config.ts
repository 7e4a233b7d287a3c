import { defineConfig, type Plugin } from 'vitest/config'
import type { Mutant } from './mutants.ts'

const mutant = JSON.parse(process.env['EDGEKEEP_MUTANT'] ?? 'null') as (Mutant & { file: string }) | null

/** Puts the mutation in as the module is read, so that no file of the checkout is ever changed. */
const mutating: Plugin = {
  name: 'mutating',
  enforce: 'pre',
  transform(code, id) {
    if (!mutant || id.split('?')[0] !== mutant.file) return undefined
    return code.slice(0, mutant.start) + mutant.text + code.slice(mutant.end)
  },
}

export default defineConfig({
  plugins: [mutating],
  test: {
    include: ['test/{unit,integration}/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    bail: 1,
    fsModuleCache: false,
  },
})
