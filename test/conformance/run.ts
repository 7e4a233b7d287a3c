import {
  isOptional,
  readJson,
  runCase,
  type Consensus,
  type LimboCase,
  type Outcome,
  type Suite,
} from './limbo.ts'

/**
 * Compares the verifier with suites in the x509-limbo schema (x509-limbo, BetterTLS, PKITS), and with the
 * verdicts of other verifiers. The data is third-party and not in this repository. `npm run conformance --
 * limbo FOLDER-OR-FILE... [--only PART-OF-AN-ID]`
 */
const paths = process.argv.slice(2)
const onlyAt = paths.indexOf('--only')
const [, only = ''] = onlyAt < 0 ? [] : paths.splice(onlyAt, 2)
if (paths.length === 0) {
  process.stderr.write('Give the folder that holds the suites: npm run conformance -- limbo FOLDER\n')
  process.exit(2)
}

const files = paths.flatMap(readJson)
const consensus = files
  .map(({ content }) => content)
  .find((content): content is Consensus => 'allRight' in content)
const suites = files.flatMap(({ name, content }): Suite[] =>
  Array.isArray(content.testcases) ? [{ name, cases: content.testcases }] : [],
)
const held = suites.map(holdAgainst)
process.exitCode = suites.length > 0 && held.every(Boolean) ? 0 : 1

type Done = Outcome & { testCase: LimboCase }

function holdAgainst({ name, cases }: Suite): boolean {
  const chosen = cases.filter((testCase) => testCase.id.includes(only))
  const done = chosen.map((testCase): Done => ({ testCase, ...runCase(testCase) }))
  const wrong = done.filter(isWrong)
  for (const outcome of only ? done : wrong) print(`  ${describe(outcome)}`)
  const counted = done.filter(({ testCase }) => !isOptional(testCase))
  const slowest = Math.max(0, ...done.map((outcome) => outcome.ms))
  print(
    `${name}: ${share(done)} right; without the optional cases ${share(counted)}; slowest ${slowest.toFixed(0)} ms`,
  )
  return measuresHold(counted)
}

/** Whatever all others get right is right, and whatever is wrongly accepted all others accept too. */
function measuresHold(done: Done[]): boolean {
  const required = done.filter(({ testCase }) => consensus?.allRight.includes(testCase.id))
  if (required.length > 0) print(`  what all others get right: ${share(required)}`)
  const accepted = done.filter((outcome) => isWrong(outcome) && outcome.ok)
  const alone = accepted.filter(({ testCase }) => !consensus?.allWrong.includes(testCase.id))
  print(`  wrongly accepted: ${accepted.length}, of which not by all others: ${alone.length}`)
  return alone.length === 0 && !required.some(isWrong)
}

function isWrong({ ok, expected }: Done): boolean {
  return ok !== expected
}

function share(done: Done[]): string {
  return `${done.length - done.filter(isWrong).length} of ${done.length}`
}

function describe({ ok, expected, testCase, why }: Done): string {
  const verdict = `${ok ? 'accepted' : 'rejected'} ${testCase.id}`
  return `${verdict}, ${ok === expected ? 'as expected' : 'wrongly'}${why ? `: ${why}` : ''}`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
