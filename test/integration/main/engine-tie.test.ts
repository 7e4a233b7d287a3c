import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connectEngine } from '../../../src/launch/connect.ts'
import { openHome } from '../../../src/launch/home.ts'
import { openDesktopLog } from '../../../src/main/desktop-log.ts'
import { tieToEngine } from '../../../src/main/engine-tie.ts'
import { standInEngine } from '../../support/stand-in-engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('an engine that ends again and again is given up with a reason and a line in the log, and can be tried anew', async () => {
  const home = openHome(temporaryFolder())
  const folder = temporaryFolder()
  const mark = join(home.folder, 'served')
  const log = openDesktopLog(home.logFolder)
  const tie = tieToEngine(home, { engineEntry: standInEngine(folder, 'dies') }, log, { attempts: 2 })
  await expect.poll(() => tie.problem()?.code, { timeout: 15_000 }).toBe('engine.unreachable')
  expect(tie.isOurs()).toBe(false)
  expect(readFileSync(join(home.logFolder, 'desktop.log'), 'utf8')).toContain('is given up')
  let changes = 0
  tie.onChange(() => (changes += 1))
  rmSync(mark)
  tie.retry()
  await expect.poll(() => changes, { timeout: 15_000 }).toBeGreaterThan(0)
  await tie.end()
  expect(await connectEngine(home)).toBeNull()
})
