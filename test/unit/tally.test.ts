import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatTally, sum, type Tally } from '../../scripts/tally.ts'

// Inside the checkout, so that the files find vitest; under node_modules, so that nothing else finds them.
const tree = mkdtempSync(path.resolve('node_modules', '.tally-'))
afterAll(() => rmSync(tree, { recursive: true }))

const files = {
  'passes.test.ts': `import { test } from 'vitest'\ntest('holds', () => {})\ntest('holds too', () => {})\n`,
  'fails.test.ts': `import { test } from 'vitest'\ntest('breaks', () => { throw new Error('as it should') })\n`,
  'skips.test.ts': `import { describe, test } from 'vitest'
test('waits for a key', (context) => context.skip('there is no keychain here'))
test.skip('waits for nothing said', () => {})
describe('a group', { skip: true, meta: { skippedBecause: 'there is no BIND here' } }, () => { test('waits', () => {}) })\n`,
  'hook.test.ts': `import { beforeAll, test } from 'vitest'
beforeAll(() => { throw new Error('no ground') })
test('never runs', () => {})\ntest('never runs either', () => {})\n`,
  'broken.test.ts': `import './nowhere.ts'\n`,
  'teardown.test.ts': `import { afterAll, test } from 'vitest'
afterAll(() => { throw new Error('left a mess') })
test('holds before the mess', () => {})\n`,
}

describe('the tally of a test run', () => {
  let tally: Tally

  beforeAll(() => {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(tree, name), text)
    writeFileSync(
      path.join(tree, 'vitest.config.ts'),
      `export default { test: { include: ['*.test.ts'] } }\n`,
    )
    const file = path.join(tree, 'tally.json')
    const reporter = path.resolve('scripts/tally-reporter.ts')
    const vitest = path.resolve('node_modules/vitest/vitest.mjs')
    spawnSync(process.execPath, [vitest, 'run', '--root', tree, `--reporter=${reporter}`], {
      env: { ...process.env, EDGEKEEP_TALLY: file },
    })
    tally = JSON.parse(readFileSync(file, 'utf8')) as Tally
  }, 30_000)

  test('counts what passed', () => {
    expect(tally.passed).toBe(3)
  })

  test('names what failed: a test that breaks or never ran, a file that does not load and a hook that breaks', () => {
    expect(tally.failures.toSorted()).toEqual([
      expect.stringMatching(/^broken\.test\.ts: .*nowhere\.ts/),
      'fails.test.ts > breaks: as it should',
      'hook.test.ts > never runs either: no ground',
      'hook.test.ts > never runs: no ground',
      'teardown.test.ts: left a mess',
    ])
  })

  test('names each skipped test with its reason', () => {
    expect(tally.skipped).toEqual([
      { test: 'waits for a key', reason: 'there is no keychain here' },
      { test: 'waits for nothing said', reason: 'no reason given' },
      { test: 'a group > waits', reason: 'there is no BIND here' },
    ])
  })

  test('gets a reason: nothing is skipped by what gives none', () => {
    const sources = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.tsx?$/.test(name),
    )
    const without = sources.filter((name) =>
      /\.(skipIf|runIf)\(|\.skip\(\)/.test(readFileSync(path.join('test', name), 'utf8')),
    )
    expect(sources.length).toBeGreaterThan(500)
    expect(without).toEqual([])
  })

  test('is added up and said in words', () => {
    const one: Tally = { passed: 1, failures: [], skipped: [] }
    expect(formatTally(sum([one, one]))).toBe('2 passed, 0 failed')
    expect(formatTally(sum([one, tally]))).toBe('4 passed, 5 failed, 3 skipped')
  })
})
