import { writeFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node'
import type { Tally } from './tally.ts'

const mostNamed = Number(process.env.EDGEKEEP_SLOWEST ?? 5)

/**
 * Writes test counts to the file in EDGEKEEP_TALLY. A test that never ran because a hook or its file failed
 * counts as failed: only explicit skips count as skipped.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const unhandled = unhandledErrors.map((error) => withReason('an error that nobody handled', error))
    const tally: Tally = { passed: 0, failures: unhandled, skipped: [] }
    for (const module of modules) addModule(tally, module)
    printSlowest(modules)
    const file = process.env.EDGEKEEP_TALLY
    if (file) writeFileSync(file, JSON.stringify(tally))
  }
}

/** Prints the slowest files, as candidates for shortening a long run. */
function printSlowest(modules: readonly TestModule[]): void {
  const times = modules.map((module) => ({
    file: module.relativeModuleId,
    seconds: module.diagnostic().duration / 1000,
  }))
  const slowest = times.toSorted((one, other) => other.seconds - one.seconds).slice(0, mostNamed)
  console.log(`slowest: ${slowest.map(({ file, seconds }) => `${file} ${seconds.toFixed(1)} s`).join(', ')}`)
}

function addModule(tally: Tally, module: TestModule): void {
  const failedBefore = tally.failures.length
  for (const test of module.children.allTests()) addTest(tally, test)
  // A file that does not load, or whose hooks fail, counts as failed even if no test of it failed.
  if (module.state() === 'failed' && tally.failures.length === failedBefore) {
    tally.failures.push(withReason(module.relativeModuleId, module.errors()[0]))
  }
}

function addTest(tally: Tally, test: TestCase): void {
  const result = test.result()
  if (result.state === 'passed') tally.passed += 1
  else if (result.state === 'skipped' && wasChosen(test, result.note)) {
    tally.skipped.push({ test: test.fullName, reason: result.note ?? reasonOf(test) ?? 'no reason given' })
  } else {
    const error = result.errors?.[0] ?? test.module.errors()[0]
    tally.failures.push(withReason(`${test.module.relativeModuleId} > ${test.fullName}`, error))
  }
}

/** One line for the end of a long run, the first place to look at when it fails. */
function withReason(where: string, error: { message: string } | undefined): string {
  const reason = error ? stripVTControlCharacters(error.message).split('\n')[0] : 'it never ran'
  return `${where}: ${reason}`
}

/** Reason of a skip, from the options of the test or of its group (`test/support/needs.ts`). */
function reasonOf(task: TestCase | TestSuite | TestModule): string | undefined {
  return task.meta().skippedBecause ?? (task.type === 'module' ? undefined : reasonOf(task.parent))
}

function wasChosen(test: TestCase, note: string | undefined): boolean {
  return note !== undefined || test.options.mode !== 'run'
}
