import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openBrowserWindow, type Browsers } from '../../../src/engine-process/browser-window.ts'
import { openHome } from '../../../src/engine-process/home.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { posixOnly } from '../../support/needs.ts'

const urlWithToken = 'http://127.0.0.1:5000/?token=SECRET'

/** A program that writes down its arguments, then does `then`. */
function program(folder: string, name: string, then: string): string {
  const path = join(folder, name)
  const log = join(folder, `${name}.arguments`)
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > '${log}.new'\nmv '${log}.new' '${log}'\n${then}\n`)
  chmodSync(path, 0o755)
  return path
}

async function open(make: (folder: string) => Browsers) {
  const folder = temporaryFolder()
  const home = openHome(join(folder, 'home'))
  const window = await openBrowserWindow(home, urlWithToken, make(folder))
  if (window) onTestFinished(() => window.close())
  const page = join(home.folder, 'open-window.html')
  const argumentsOf = (name: string) =>
    readFileSync(join(folder, `${name}.arguments`), 'utf8')
      .trim()
      .split('\n')
  return { home, folder, window, page, argumentsOf }
}

test('opens a window of its own, and names the token in no argument', posixOnly, async () => {
  const { home, page, argumentsOf } = await open((folder) => ({
    app: program(folder, 'chrome', 'exec sleep 60'),
    opener: { program: program(folder, 'opener', ''), args: [] },
  }))
  const given = argumentsOf('chrome')
  expect(given.join(' ')).not.toContain('SECRET')
  expect(fileURLToPath(given[0]!.replace('--app=', ''))).toBe(page)
  expect(given).toContain(`--user-data-dir=${join(home.folder, 'window-profile')}`)
  expect(statSync(page).mode & 0o777).toBe(0o600)
  expect(readFileSync(page, 'utf8')).toContain(`content="0;url=${urlWithToken}"`)
})

test('closes the window it opened, and takes the token away', posixOnly, async () => {
  const { window, page, folder } = await open((folder) => ({
    app: program(folder, 'chrome', `trap 'echo > "${folder}/closed"; exit' TERM\nsleep 60 & wait`),
    opener: null,
  }))
  window!.close()
  expect(existsSync(page)).toBe(false)
  await expect.poll(() => existsSync(join(folder, 'closed'))).toBe(true)
})

test('takes the default browser where the app browser does not start', posixOnly, async () => {
  const { window, argumentsOf } = await open((folder) => ({
    app: program(folder, 'chrome', 'exit 1'),
    opener: { program: program(folder, 'opener', ''), args: ['--new'] },
  }))
  expect(window).not.toBeNull()
  expect(argumentsOf('opener')).toEqual(['--new', argumentsOf('chrome')[0]!.replace('--app=', '')])
})

test.each([
  ['none is installed', () => ({ app: null, opener: null })],
  [
    'none can be started',
    () => ({ app: '/nowhere/chrome', opener: { program: '/nowhere/opener', args: [] } }),
  ],
  [
    'each fails',
    (folder: string) => ({ app: null, opener: { program: program(folder, 'opener', 'exit 3'), args: [] } }),
  ],
])('opens none where %s, and leaves no token behind', posixOnly, async (_what, make) => {
  const { window, page } = await open(make)
  expect(window).toBeNull()
  expect(existsSync(page)).toBe(false)
})
