import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { linuxOnly } from '../support/needs.ts'
import { isAlive } from '../support/processes/process-tree.ts'

const sleeper = `
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'vitest'
test('starts what outlives it', () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true })
  writeFileSync(join(import.meta.dirname, 'pid'), String(child.pid))
  return new Promise(() => {})
})
`

test(
  'processes that tests have started end when their run is killed',
  { ...linuxOnly, timeout: 120_000 },
  async () => {
    // Inside the checkout, so that the files find vitest; under node_modules, so that nothing else finds them.
    const tree = mkdtempSync(path.resolve('node_modules', '.leftover-'))
    const file = path.join(tree, 'pid')
    const globalSetup = path.resolve('test/support/processes/leftover-processes.ts')
    writeFileSync(path.join(tree, 'sleeper.test.ts'), sleeper)
    writeFileSync(
      path.join(tree, 'vitest.config.ts'),
      `export default { test: { include: ['*.test.ts'], testTimeout: 100_000, globalSetup: '${globalSetup}' } }\n`,
    )
    const vitest = path.resolve('node_modules/vitest/vitest.mjs')
    const run = spawn(process.execPath, [vitest, 'run', '--root', tree], { stdio: 'ignore' })
    const pidOf = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0)
    try {
      await expect.poll(pidOf, { timeout: 60_000 }).toBeGreaterThan(0)
    } finally {
      run.kill('SIGKILL')
    }
    const pid = pidOf()
    await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false)
    rmSync(tree, { recursive: true })
  },
)
