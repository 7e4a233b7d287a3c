import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { desktopEnvironment, type DesktopEnvironment } from './desktop-environment.ts'
import { neverProvoked } from './provoked.ts'
import { build, checks, outputOf, runSteps, type Step } from './steps.ts'
import { formatTally, sum, type Tally } from './tally.ts'

const desktop = 'e2e-desktop'
const withoutDesktop = '--without-desktop'

interface PartRun {
  tally: Tally
  output: string
}

/** Runs one project of vitest; an abnormal end without a failed test counts as one failure. */
async function runProject(project: string): Promise<PartRun> {
  const file = path.join(folder, `${project}.json`)
  const where = project === desktop ? desktopEnvironment(folder) : here
  // Native loading leaves no file of the configuration in the checkout, where an ordinary user may not write.
  const vitest = ['vitest', 'run', '--configLoader', 'native', '--project', project]
  const reporters = ['--reporter=dot', '--reporter=./scripts/tally-reporter.ts']
  const { status, output } = await run([...where.before, ...vitest, ...reporters], where, {
    EDGEKEEP_TALLY: file,
    EDGEKEEP_PROVOKED: provokedIn(folder),
  })
  where.end()
  const tally = readTally(file)
  if (project === desktop && tally.passed === 0 && tally.failures.length === 0) {
    tally.failures.push(`${desktop}: no desktop was seen. To run without it: npm test -- ${withoutDesktop}`)
  }
  if (status !== 0 && tally.failures.length === 0) {
    tally.failures.push(`${project}: vitest ended with ${status ?? 'a signal'}, and no test of it failed`)
  }
  return { tally, output }
}

const here: DesktopEnvironment = {
  before: [],
  folder: process.cwd(),
  environment: process.env,
  end: () => undefined,
}

function run(
  args: string[],
  where: DesktopEnvironment,
  environment: NodeJS.ProcessEnv,
): Promise<{ status: number | null; output: string }> {
  const child = spawn(args.map(quoted).join(' '), {
    shell: true,
    cwd: where.folder,
    env: { ...where.environment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const readOutput = outputOf(child)
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, output: readOutput() })))
}

/** Folder in which the processes of a run record the error codes of responses. */
function provokedIn(folder: string): string {
  return path.join(folder, 'provoked')
}

/** Every code of the registry has to occur as a response in some test. */
async function judgeCodes(): Promise<PartRun> {
  const { provoked, missing } = neverProvoked(provokedIn(folder))
  const failures = missing.map((code) => `no test provokes: ${code}`)
  return { tally: { passed: provoked, failures, skipped: [] }, output: '' }
}

function quoted(word: string): string {
  return word.includes(' ') ? `"${word}"` : word
}

function readTally(file: string): Tally {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tally
  } catch (error) {
    return {
      passed: 0,
      failures: [`${path.basename(file)}: no result was written: ${(error as Error).message}`],
      skipped: [],
    }
  }
}

async function runAll(steps: Step[], atOnce: number): Promise<PartRun> {
  let output = ''
  const outcomes = await runSteps(steps, atOnce, (line) => (output += `${line}\n`))
  const passed = outcomes.filter((outcome) => outcome.ok).length
  const failures = outcomes
    .filter((outcome) => !outcome.ok)
    .map(({ step }) => `${step.name}: ${step.command}`)
  return { tally: { passed, failures, skipped: [] }, output }
}

/** Prints a part when it has ended: others run beside it. */
async function part(name: string, act: () => Promise<PartRun>): Promise<Tally> {
  const started = performance.now()
  console.log(`${name} …`)
  const { tally, output } = await act()
  const skipped = tally.skipped.map(({ test, reason }) => `skipped: ${test}: ${reason}\n`).join('')
  const took = `${((performance.now() - started) / 1000).toFixed(1)} s`
  console.log(`\n== ${name} ==\n${output}${skipped}${name}: ${formatTally(tally)} in ${took}\n`)
  return tally
}

/**
 * Every part of `npm test`, in two lanes of about the same duration: the integration tests mostly wait for
 * processes and deadlines, and two browsers at a time do not fill the machine either.
 */
async function everything(seesDesktop: boolean): Promise<Tally[]> {
  const built = await part('build', () => runAll([build], 1))
  const project = (name: string) =>
    built.failures.length === 0 ? part(name, () => runProject(name)) : notRun(name)
  const oneLane = async () => {
    const integration = await project('integration')
    const unit = await project('unit')
    return [
      integration,
      unit,
      await (built.failures.length === 0 ? part('error codes', judgeCodes) : notRun('error codes')),
    ]
  }
  const otherLane = async () => [
    await part('checks', () => runAll(checks, 2)),
    ...(seesDesktop ? [await project(desktop)] : []),
    await project('e2e'),
  ]
  return [built, ...(await Promise.all([oneLane(), otherLane()])).flat()]
}

async function notRun(name: string): Promise<Tally> {
  console.log(`${name}: not run, for the build failed.`)
  return { passed: 0, failures: [], skipped: [] }
}

/** Parts that `npm test -- PART` runs, and what each needs first. */
const preparations: Record<string, Step[]> = {
  unit: [],
  integration: [],
  e2e: [],
  [desktop]: [build],
  acme: [],
  trust: [build],
  packages: [build, { name: 'packages', command: 'node packaging/package.ts deb rpm' }],
}

/** Runs parts one after the other with vitest's own output. `words` are files and options of vitest. */
async function runParts(parts: string[], words: string[]): Promise<boolean> {
  let ok = true
  for (const name of parts) {
    const prepared = await runSteps(preparations[name] ?? [], 1)
    ok = prepared.every((outcome) => outcome.ok) && runPart(name, words) && ok
  }
  return ok
}

function runPart(name: string, words: string[]): boolean {
  const where = name === desktop ? desktopEnvironment(folder) : here
  const vitest = [...where.before, 'vitest', 'run', '--configLoader', 'native', '--project', name, ...words]
  const { status } = spawnSync(vitest.map(quoted).join(' '), {
    shell: true,
    cwd: where.folder,
    env: where.environment,
    stdio: 'inherit',
  })
  where.end()
  return status === 0
}

/** Time that the processors of this machine have worked since it started. */
function processorSeconds(): number {
  return cpus().reduce((all, { times: { user, nice, sys, irq } }) => all + user + nice + sys + irq, 0) / 1000
}

async function runEverything(seesDesktop: boolean): Promise<boolean> {
  const usedBefore = processorSeconds()
  const total = sum(await everything(seesDesktop))
  const available = cpus().length * (performance.now() / 1000)
  const used = processorSeconds() - usedBefore
  console.log(`processors: ${used.toFixed(0)} s used of ${available.toFixed(0)} s, by all on this machine`)
  for (const failure of total.failures) console.log(`failed: ${failure}`)
  if (!seesDesktop) console.log('not run: the tests of the desktop app')
  console.log(formatTally(total))
  return total.failures.length === 0
}

function usage(): boolean {
  const parts = Object.keys(preparations).join(', ')
  console.error(
    `npm test [-- ${withoutDesktop}], or npm test -- PART… [FILES and options of vitest]; the parts are ${parts}.`,
  )
  return false
}

/** Runs everything, or the parts that are named first, as in `npm test -- unit test/unit/pki`. */
async function runNamed(words: string[]): Promise<boolean> {
  if (words.length === 0) return runEverything(true)
  if (words.length === 1 && words[0] === withoutDesktop) return runEverything(false)
  const firstOther = words.findIndex((word) => !Object.hasOwn(preparations, word))
  const parts = firstOther < 0 ? words : words.slice(0, firstOther)
  return parts.length === 0 ? usage() : runParts(parts, words.slice(parts.length))
}

const folder = mkdtempSync(path.join(tmpdir(), 'edgekeep-test-'))
const ok = await runNamed(process.argv.slice(2))
rmSync(folder, { recursive: true })
if (!ok) process.exitCode = 1
