import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openInBrowserInstead } from '../../../src/engine-process/as-root.ts'
import { findInstallation } from '../../../src/engine-process/installation.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('the desktop app as root says why it has no window, opens it in a browser, and ends as that does', async () => {
  const nodeRoot = temporaryFolder()
  symlinkSync(join(findInstallation().nodeRoot, 'node_modules'), join(nodeRoot, 'node_modules'))
  mkdirSync(join(nodeRoot, 'bin'))
  // In the place of the command: it ends with the number of its words.
  writeFileSync(join(nodeRoot, 'bin', 'edgekeep.mjs'), 'process.exit(process.argv.length - 2)')
  const said: string[] = []
  const say = (line: string) => said.push(line)
  expect(await openInBrowserInstead({ nodeRoot }, undefined, say)).toBe(2)
  expect(await openInBrowserInstead({ nodeRoot }, '/some/home', say)).toBe(4)
  expect(said[0]).toBe(
    'The desktop app does not run as root, because its window is sandboxed; the window opens in a browser instead.',
  )
})
