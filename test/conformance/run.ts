import { readSuites, runCase } from './limbo.ts'

/**
 * Holds the verifier against suites in the x509-limbo schema (x509-limbo, BetterTLS, PKITS).
 * `npm run conformance -- FOLDER [PART-OF-AN-ID]`. Data is third-party and not in this repository.
 */
const [folder, part = ''] = process.argv.slice(2)
if (!folder) {
  process.stderr.write('Give the folder that holds the suites: npm run conformance -- FOLDER\n')
  process.exit(2)
}

let wrong = 0
for (const { name, cases } of readSuites(folder)) {
  const chosen = cases.filter((testCase) => testCase.id.includes(part))
  const outcomes = chosen.map((testCase) => ({ testCase, ...runCase(testCase) }))
  const failures = outcomes.filter((outcome) => outcome.ok !== outcome.expected)
  const falseAccepts = failures.filter((outcome) => outcome.ok).length
  const slowest = Math.max(0, ...outcomes.map((outcome) => outcome.ms))
  for (const { testCase, ok, why } of part ? outcomes : failures)
    process.stdout.write(
      `  ${ok ? 'accepted' : 'rejected'} ${testCase.id} (expected ${testCase.expected_result}) ${why}\n`,
    )
  process.stdout.write(
    `${name}: ${outcomes.length - failures.length} of ${outcomes.length} right, ${falseAccepts} false accepts, slowest ${slowest.toFixed(0)} ms\n`,
  )
  wrong += failures.length
}
process.exitCode = wrong === 0 ? 0 : 1
