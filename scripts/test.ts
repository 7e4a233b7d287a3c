import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { desktopSurroundings, type Surroundings } from './desktop-surroundings.ts'
import { build, checks, runSteps, type Step } from './steps.ts'
import { inWords, sum, type Tally } from './tally.ts'
import { neverProvoked } from './provoked.ts'

const desktop = 'e2e-desktop'

/** Runs one project of vitest; a run that ends badly without a failed test counts as one failure. */
function runProject(project: string, folder: string): Tally {
  const file = path.join(folder, `${project}.json`)
  const where = project === desktop ? desktopSurroundings(folder) : here
  // Loaded natively, the configuration leaves no file in the checkout, where an ordinary user may not write.
  const vitest = ['vitest', 'run', '--configLoader', 'native', '--project', project]
  const reporters = ['--reporter=dot', '--reporter=./scripts/tally-reporter.ts']
  const run = spawnSync([...where.before, ...vitest, ...reporters].map(quoted).join(' '), {
    shell: true,
    stdio: 'inherit',
    cwd: where.folder,
    env: { ...where.environment, EDGEKEEP_TALLY: file, EDGEKEEP_PROVOKED: provokedIn(folder) },
  })
  where.end()
  const tally = readTally(file)
  if (run.status !== 0 && tally.failed === 0) tally.failed = 1
  return tally
}

const here: Surroundings = {
  before: [],
  folder: process.cwd(),
  environment: process.env,
  end: () => undefined,
}

/** Where the processes of a run note which error codes the product answered with. */
function provokedIn(folder: string): string {
  return path.join(folder, 'provoked')
}

/** Every code of the registry is an answer that some test gets, or it is a code that nobody has ever seen. */
function judgeCodes(): Tally {
  const { provoked, missing } = neverProvoked(provokedIn(folder))
  for (const code of missing) console.log(`no test provokes: ${code}`)
  return { passed: provoked, failed: missing.length, skipped: [] }
}

function quoted(word: string): string {
  return word.includes(' ') ? `"${word}"` : word
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

/** Every part of `npm test`, or only the projects that the command line names. */
async function* parts(named: string[]): AsyncGenerator<Tally> {
  if (named.length === 0) yield part('checks', () => runAll(checks, 2))
  const built = await part('build', () => runAll([build], 1))
  yield built
  const projects = named.length > 0 ? named : ['unit', 'integration', 'e2e', desktop]
  for (const project of projects) {
    if (built.failed === 0 || project === 'unit') yield part(project, () => runProject(project, folder))
    else console.log(`\n${project}: not run, for the build failed.`)
    // What the unit and the integration tests provoke between them.
    if (project === 'integration' && named.length === 0 && built.failed === 0)
      yield part('error codes', judgeCodes)
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'edgekeep-test-'))
const total = sum(await Array.fromAsync(parts(process.argv.slice(2))))
rmSync(folder, { recursive: true })
console.log(`\n${inWords(total)}`)
if (total.failed > 0) process.exitCode = 1
