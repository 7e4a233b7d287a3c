import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build, checks, runSteps, type Step } from './steps.ts'
import { inWords, sum, type Tally } from './tally.ts'

/** Runs one project of vitest; a run that ends badly without a failed test counts as one failure. */
function runProject(project: string, folder: string): Tally {
  const file = path.join(folder, `${project}.json`)
  const run = spawnSync(
    `vitest run --project ${project} --reporter=dot --reporter=./scripts/tally-reporter.ts`,
    { shell: true, stdio: 'inherit', env: { ...process.env, EDGEKEEP_TALLY: file } },
  )
  const tally = readTally(file)
  if (run.status !== 0 && tally.failed === 0) tally.failed = 1
  return tally
}

function readTally(file: string): Tally {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tally
  } catch (error) {
    console.log(`No result was written: ${(error as Error).message}`)
    return { passed: 0, failed: 1, skipped: [] }
  }
}

async function runAll(steps: Step[], atOnce: number): Promise<Tally> {
  const outcomes = await runSteps(steps, atOnce)
  const passed = outcomes.filter((outcome) => outcome.ok).length
  return { passed, failed: outcomes.length - passed, skipped: [] }
}

async function part(name: string, run: () => Tally | Promise<Tally>): Promise<Tally> {
  const started = performance.now()
  console.log(`\n== ${name} ==`)
  const tally = await run()
  for (const { test, reason } of tally.skipped) console.log(`skipped: ${test}: ${reason}`)
  console.log(`${name}: ${inWords(tally)} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return tally
}

const folder = mkdtempSync(path.join(tmpdir(), 'edgekeep-test-'))
const checked = await part('checks', () => runAll(checks, 2))
const built = await part('build', () => runAll([build], 1))
const tallies = [checked, built, await part('unit', () => runProject('unit', folder))]
if (built.failed === 0) {
  tallies.push(await part('integration', () => runProject('integration', folder)))
  tallies.push(await part('e2e', () => runProject('e2e', folder)))
} else {
  console.log('\nThe build failed, so the integration and e2e tests were not run.')
}
rmSync(folder, { recursive: true })
const total = sum(tallies)
console.log(`\n${inWords(total)}`)
if (total.failed > 0) process.exitCode = 1
