import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fakeCheckout, lockOf, manifestWith, nodePath, run } from '../../support/desktop/fake-checkout.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { isFresh } from '../../../scripts/freshness.mjs'
import { posixOnly } from '../../support/needs.ts'

const install = 'ci --no-audit --no-fund --loglevel=error\n'
const build = 'run --silent build\n'

test('sets a fresh checkout up, reports that on stderr, and then runs the command', async () => {
  const { launch, npmCalls } = fakeCheckout()
  const first = await launch('inspect', 'a file')
  expect(first.stderr).toBe(
    'edgekeep: installing packages (the packages are not installed) …\n' +
      'edgekeep: building (there is no build yet) …\n',
  )
  expect(first).toMatchObject({ status: 0, stdout: '["inspect","a file"]\n' })
  expect(npmCalls()).toBe(install + build)
  expect(await launch('again')).toMatchObject({ stdout: '["again"]\n', stderr: '' })
  expect(npmCalls()).toBe(install + build)
})

test('does nothing and says nothing where all is there', async () => {
  const { setup, npmCalls } = fakeCheckout()
  await setup()
  expect(await setup()).toEqual({ status: 0, signal: null, stdout: '', stderr: '' })
  expect(npmCalls()).toBe(install + build)
})

test.each([
  ['changed', (root: string) => appendFileSync(join(root, 'src/cli.js'), ' ')],
  ['taken away', (root: string) => rmSync(join(root, 'src/other.js'))],
  ['renamed', (root: string) => symlinkSync(join(root, 'src/cli.js'), join(root, 'src/new.js'))],
])('builds anew when a source was %s', async (_what, change) => {
  const { root, write, setup, launch, npmCalls } = fakeCheckout()
  write('src/other.js', '')
  await setup()
  change(root)
  const { stderr } = await launch()
  expect(stderr).toBe('edgekeep: building (the sources are newer than the build) …\n')
  expect(npmCalls()).toBe(install + build + build)
})

test('builds anew when a built file is gone', async () => {
  const { root, setup, launch, npmCalls } = fakeCheckout()
  await setup()
  rmSync(join(root, 'out/node/engine.js'))
  expect((await launch()).stderr).toContain('there is no build yet')
  expect(npmCalls()).toBe(install + build + build)
})

test.each([
  ['another version', { left: '1.0.1', '@scope/right': '2.0.0' }, 'left is not the one in package-lock.json'],
  ['one more package', { left: '1.0.0', '@scope/right': '2.0.0', more: '1.0.0' }, 'more is not the one'],
  ['one package less', { left: '1.0.0' }, '@scope/right is no longer in package-lock.json'],
])('installs anew when the lock file names %s', async (_what, versions, why) => {
  const { write, setup, npmCalls } = fakeCheckout()
  await setup()
  write('package-lock.json', lockOf(versions))
  expect((await setup()).stderr).toContain(why)
  expect(npmCalls()).toBe(install + build + install + build)
})

test('does not miss optional packages, which are those of other systems', async () => {
  const { write, setup } = fakeCheckout()
  await setup()
  const lock = JSON.parse(lockOf({ left: '1.0.0', '@scope/right': '2.0.0', windows: '1.0.0' })) as {
    packages: Record<string, object>
  }
  lock.packages['node_modules/windows'] = { version: '1.0.0', optional: true }
  write('package-lock.json', JSON.stringify(lock))
  expect((await setup()).stderr).not.toContain('installing')
})

test('says in a sentence that the packages could not be installed, after what npm says, and ends with 3', async () => {
  const { write, launch } = fakeCheckout()
  write('npm-fails', '')
  const failed = await launch('status')
  expect(failed).toMatchObject({ status: 3, stdout: '' })
  expect(failed.stderr).toContain('what npm says\n')
  expect(failed.stderr).toContain('edgekeep: the packages could not be installed: "npm ci" failed')
  expect(failed.stderr).not.toContain('    at ')
})

test('does not build a copied checkout again, whose files have other times alone', async () => {
  const { root, setup, npmCalls } = fakeCheckout()
  await setup()
  const copy = join(temporaryFolder(), 'copy')
  cpSync(root, copy, { recursive: true })
  utimesSync(join(copy, 'src/cli.js'), 1, 1)
  const stamp = () => readFileSync(join(copy, 'out/built-from'), 'utf8')
  const before = stamp()
  expect(isFresh(copy)).toBe(true)
  expect(stamp()).not.toBe(before)
  expect(isFresh(copy)).toBe(true)
  // The same size and time, but another content.
  const source = join(copy, 'src/cli.js')
  writeFileSync(source, readFileSync(source, 'utf8').replace(/\S/, '_'))
  utimesSync(source, 1, 1)
  expect(isFresh(copy)).toBe(false)
  expect(npmCalls()).toBe(install + build)
})

test('shows what a failed build says, and does not take it for a build', async () => {
  const { root, write, setup, npmCalls } = fakeCheckout()
  await setup()
  appendFileSync(join(root, 'src/cli.js'), ' ')
  write('npm-fails', '')
  const failed = await setup()
  expect(failed).toMatchObject({ status: 3, stdout: '' })
  expect(failed.stderr).toMatch(/what npm says\nedgekeep: the build failed; the lines above say where\.\n$/)
  rmSync(join(root, 'npm-fails'))
  expect(await setup()).toMatchObject({ status: 0 })
  expect(npmCalls()).toBe(install + build + build + build)
})

test('builds once when two commands find the build stale at once', async () => {
  const { write, launch, npmCalls } = fakeCheckout()
  write('build-is-slow', '')
  const runs = await Promise.all([launch('a'), launch('b'), launch('c')])
  expect(runs.map(({ stdout }) => stdout)).toEqual(['["a"]\n', '["b"]\n', '["c"]\n'])
  expect(runs.map(({ stderr }) => stderr).join('')).toContain('waiting for another setup of this checkout …')
  expect(npmCalls()).toBe(install + build)
})

test('takes over from a setup that was killed', async () => {
  const { write, setup, launch } = fakeCheckout()
  await setup()
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  write('src/more.js', '')
  write('out/setup.lock', String(dead))
  expect(await launch('x')).toMatchObject({ status: 0, stdout: '["x"]\n' })
})

test('works from another folder and through a link, as npx calls it', posixOnly, async () => {
  const { root, launcher } = fakeCheckout('console.log(process.cwd())')
  const elsewhere = temporaryFolder()
  symlinkSync(launcher, join(elsewhere, 'edgekeep'))
  const { stdout } = await run(join(elsewhere, 'edgekeep'), [], root, elsewhere)
  expect(stdout).toBe(`${elsewhere}\n`)
})

test('ends as the command ends', posixOnly, async () => {
  const status = fakeCheckout('process.exitCode = 2')
  expect(await status.launch()).toMatchObject({ status: 2, signal: null })
  for (const [signal, sentence] of [
    ['SIGKILL', 'The system or another process ended the command (SIGKILL).'],
    ['SIGSEGV', 'The command crashed (SIGSEGV). If no line above names the cause, please report it.'],
  ] as const) {
    const ended = await fakeCheckout(`process.kill(process.pid, '${signal}')`).launch()
    expect(ended).toMatchObject({ status: null, signal })
    expect(ended.stderr).toContain(`edgekeep: ${sentence}\n`)
  }
})

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
  'passes %s on and waits for the command',
  posixOnly,
  async (signal) => {
    const { root, launcher, setup } = fakeCheckout(
      `process.on('${signal}', () => setTimeout(() => { console.log('in order'); process.exit(5) }, 100))
     setInterval(() => {}, 1000)
     console.log('runs')`,
    )
    await setup()
    const child = spawn(process.execPath, [launcher], { cwd: root })
    const said: string[] = []
    child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text))
    await expect.poll(() => said).toEqual(['runs\n'])
    child.kill(signal)
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(5)
    expect(said.join('')).toBe('runs\nin order\n')
  },
)

test('says in a sentence that this user may not write into the checkout', posixOnly, () => {
  const { root, launcher } = fakeCheckout()
  chmodSync(root, 0o555)
  // Root can write everywhere, so the command runs as another user.
  const as = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const { status, stderr } = spawnSync(process.execPath, [launcher], { cwd: root, encoding: 'utf8', ...as })
  chmodSync(root, 0o755)
  expect(stderr).toBe(
    'edgekeep: this checkout has to be set up, and this user may not write into it. ' +
      'Run the command once as the user who owns it.\n',
  )
  expect(status).toBe(3)
})

test('says how to get the Node that npm left out', async () => {
  const { write, launch } = fakeCheckout()
  write('npm-leaves-optional-out', '')
  const failed = await launch('status')
  expect(failed).toMatchObject({ status: 3, stdout: '' })
  expect(failed.stderr).toContain('Run "npm ci --include=optional".')
})

test('takes the Node that runs it where npm has none for this system, if it is the very version', async () => {
  const { root, write, launch, npmCalls } = fakeCheckout('console.log(process.execPath)')
  write('package.json', manifestWith({ 'node-of-another': process.versions.node }))
  const first = await launch()
  expect(first.stderr).toContain(`edgekeep: taking Node ${process.versions.node} from ${process.execPath} …`)
  expect(first).toMatchObject({ status: 0, stdout: `${join(root, nodePath)}\n` })
  expect(await launch()).toMatchObject({ status: 0, stderr: '' })
  expect(npmCalls()).toBe(install + build)
})

test('names the Node to install where npm has none and another one runs it', async () => {
  const { write, launch } = fakeCheckout()
  write('package.json', manifestWith({ 'node-of-another': '24.0.1' }))
  const failed = await launch('status')
  expect(failed).toMatchObject({ status: 3, stdout: '' })
  expect(failed.stderr).toContain(
    'Install Node 24.0.1 (https://nodejs.org) and run the same command with it.',
  )
})
