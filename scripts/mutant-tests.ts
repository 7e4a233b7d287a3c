import { createVitest } from 'vitest/node'
import type { Mutant } from './mutants.ts'

/**
 * Process that runs the tests of `mutants.ts`. It reports when it is ready, then answers each message, a
 * mutation or null, with whether the tests pass. Vite's transformed files are cached between runs, except the
 * mutated one.
 */
const [file, ...tests] = process.argv.slice(2) as [string, ...string[]]
let mutant: Mutant | null = null

const vitest = await createVitest(
  { config: 'scripts/mutants.config.ts', watch: false, reporters: [{}] },
  {
    plugins: [
      {
        name: 'mutating',
        enforce: 'pre',
        /** Applies the mutation at load time, so that no file of the checkout changes. */
        transform(code, id) {
          if (!mutant || id.split('?')[0] !== file) return undefined
          return code.slice(0, mutant.start) + mutant.text + code.slice(mutant.end)
        },
      },
    ],
  },
)
await vitest.standalone()
const specifications = await vitest.globTestSpecifications(tests)
let last = Promise.resolve()
process.on('message', (wanted: { mutant: Mutant | null }) => {
  last = last.then(async () => {
    mutant = wanted.mutant
    vitest.invalidateFile(file)
    vitest.state.clearErrors()
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
    process.send?.(
      testModules.length > 0 && unhandledErrors.length === 0 && testModules.every((module) => module.ok()),
    )
  })
})
process.on('disconnect', () => process.exit())
process.send?.(true)
