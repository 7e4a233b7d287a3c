import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openDesktopWindow } from '../../../src/engine-process/desktop-window.ts'
import { windowShows } from '../../../src/engine-process/window-shows.ts'
import { fetchElectron } from '../../../src/engine-process/electron-binary.ts'
import { openHome } from '../../../src/engine-process/home.ts'
import { findInstallation } from '../../../src/engine-process/installation.ts'
import { openWindow } from '../../../src/engine-process/open-window.ts'
import { pinnedNode } from '../../../src/engine-process/pinned-node.ts'
import { nodeProgram } from '../../../bin/pinned-node.mjs'
import { startEchoEngine } from '../../support/engine/echo-engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { ask } from '../../support/engine/web-host-client.ts'
import { linuxOnly, posixOnly } from '../../support/needs.ts'

async function open(script: string, files: string[] = []) {
  const folder = temporaryFolder()
  const program = join(folder, 'electron')
  writeFileSync(program, `#!/bin/sh\n${script}\n`)
  chmodSync(program, 0o755)
  const home = openHome(join(folder, 'home'))
  const window = await openDesktopWindow(home, { program, args: ['/the/root'] }, files)
  if (window) onTestFinished(() => window.close())
  return { window, folder, home }
}

/** A root with the pinned Node and this text as Electron's installer. */
function rootWithInstaller(text: string): string {
  const root = temporaryFolder()
  const node = pinnedNode(findInstallation().nodeRoot)
  const link = join(root, 'node_modules', nodeProgram)
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(node, link)
  mkdirSync(join(root, 'node_modules', 'electron'))
  writeFileSync(join(root, 'node_modules', 'electron', 'install.js'), text)
  return root
}

test('starts the desktop app on the home, and notices its end', posixOnly, async () => {
  const { window, folder, home } = await open(
    `printf '%s ' "$@" > "$(dirname "$0")/arguments"\necho '${windowShows}'\nsleep 0.3`,
  )
  expect(readFileSync(join(folder, 'arguments'), 'utf8')).toBe(`/the/root --home ${home.folder} `)
  await window!.closed
})

test('names the files to open after everything else', posixOnly, async () => {
  const { window, folder, home } = await open(
    `printf '%s ' "$@" > "$(dirname "$0")/arguments"\necho '${windowShows}'`,
    ['/given/shop.pem'],
  )
  expect(readFileSync(join(folder, 'arguments'), 'utf8')).toBe(
    `/the/root --home ${home.folder} /given/shop.pem `,
  )
  await window!.closed
})

test('closes the desktop app', posixOnly, async () => {
  const { window } = await open(`echo '${windowShows}'\nexec sleep 60`)
  await window!.close()
  await window!.closed
})

test('takes it well that an app which runs already shows its window instead', posixOnly, async () => {
  const { window } = await open('exit 0')
  await window!.closed
})

test.each([
  ['says that it cannot start', 'echo "missing library" >&2; exit 127'],
  ['is killed by the system', 'kill -SEGV $$'],
])('opens none where the app %s', posixOnly, async (_what, script) => {
  expect((await open(script)).window).toBeNull()
})

test('opens none where there is no such program', async () => {
  const home = openHome(join(temporaryFolder(), 'home'))
  expect(await openDesktopWindow(home, { program: '/nowhere/electron', args: ['/'] })).toBeNull()
})

test('lets the package fetch its program', posixOnly, async () => {
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '')
  onTestFinished(() => void vi.unstubAllEnvs())
  const root = rootWithInstaller(`
    const { mkdirSync, writeFileSync } = require('node:fs')
    mkdirSync(__dirname + '/dist')
    for (const name of ['dist/electron', 'dist/version', 'path.txt']) writeFileSync(__dirname + '/' + name, 'electron')`)
  expect(await fetchElectron(root)).toBe(join(root, 'node_modules', 'electron', 'dist', 'electron'))
})

test('gives up fetching when the time is over, or at once where it cannot be', async () => {
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '')
  onTestFinished(() => void vi.unstubAllEnvs())
  const started = performance.now()
  expect(await fetchElectron(rootWithInstaller('setInterval(() => {}, 1000)'), 300)).toBeNull()
  expect(performance.now() - started).toBeLessThan(3000)
  expect(await fetchElectron(rootWithInstaller('process.exit(1)'))).toBeNull()
  expect(await fetchElectron(temporaryFolder())).toBeNull()
})

test(
  'tells the address where there is no display, and serves the window there until it is closed',
  linuxOnly,
  async () => {
    vi.stubEnv('DISPLAY', '')
    vi.stubEnv('WAYLAND_DISPLAY', '')
    onTestFinished(() => void vi.unstubAllEnvs())
    const home = openHome(temporaryFolder())
    await startEchoEngine(home.socketPath)
    const said: string[] = []
    const window = await openWindow({ home, preferBrowser: true, out: (line) => said.push(line) })
    expect(window.kind).toBe('browser')
    expect(said[0]).toBe(`Window: ${window.url}`)
    const { port, search } = new URL(window.url!)
    expect((await ask(Number(port), `/${search}`)).status).toBe(303)
    await window.close()
    await expect(ask(Number(port), '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  },
)
