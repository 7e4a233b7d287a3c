import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { findPinnedNode } from '../../bin/pinned-node.mjs'
import { openBrowser } from '../support/browser/browser.ts'
import { freePort } from '../support/free-port.ts'
import { ordinaryUser, type OrdinaryUser } from '../support/processes/ordinary-user.ts'
import { temporaryFolder } from '../support/engine/engine.ts'

/*
 * The tarball of this checkout, installed by somebody who has nothing but Node and npm. What Edgekeep depends on
 * comes from the registry.
 */

/** Limit on an idle computer; multiplied by its load. */
const installMs = 30_000
let tarball: string

beforeAll(() => {
  const folder = temporaryFolder()
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder])
  chmodSync(folder, 0o755)
  tarball = path.join(folder, readdirSync(folder)[0]!)
})

/** The Node of the system and the pinned one. */
const nodes: [string, string | null][] = [
  ['the Node of this system, 20.20 or later', findOnPath('node')],
  ['the pinned Node, 24', findPinnedNode(process.cwd())],
]

function findOnPath(name: string): string | null {
  const folders = ['/usr/local/bin', '/usr/bin', '/bin']
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? null
}

/** A user with this Node, its npm and what they install as the only programs besides the system's. */
function userOf(node: string): OrdinaryUser & { prefix: string } {
  const user = ordinaryUser()
  const prefix = path.join(user.home, 'prefix')
  const tools = path.join(user.home, 'tools')
  mkdirSync(tools)
  symlinkSync(node, path.join(tools, 'node'))
  symlinkSync(realpathSync(findOnPath('npm')!), path.join(tools, 'npm'))
  user.as.env['PATH'] = [tools, path.join(prefix, 'bin'), '/usr/bin', '/bin'].join(':')
  return { ...user, prefix }
}

function run({ as }: OrdinaryUser, command: string, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(command, words, { ...as, encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** `edgekeep up`, until its ready line: the window's address and the program that the engine runs on. */
async function up(user: OrdinaryUser): Promise<{ ui: string; runsOn: string }> {
  const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
  const child = spawn('edgekeep', ['up', '--json', ...ports], {
    ...user.as,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<string>((resolve) =>
    child.once('close', (status) => resolve(`{"ended":${status}}`)),
  )
  onTestFinished(async () => {
    child.kill('SIGINT')
    await ended
  })
  const line = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').once('data', resolve)
  })
  const ready = JSON.parse(await Promise.race([line, ended])) as { ui: string }
  const { status } = JSON.parse(run(user, 'edgekeep', 'status', '--json').stdout) as {
    status: { pid: number }
  }
  return { ui: ready.ui, runsOn: realpathSync(`/proc/${status.pid}/exe`) }
}

describe.each(nodes)('installed with npm install -g by an ordinary user, on %s', (_what, node) => {
  test('gives the command, the engine on the pinned Node and the window in a browser, without a build', async ({
    skip,
  }) => {
    if (!node || !findOnPath('npm')) return skip('there is no such Node or npm here')
    const user = userOf(node)
    const started = performance.now()
    const installed = run(user, 'npm', 'install', '--global', '--prefix', user.prefix, tarball)
    const tookMs = performance.now() - started
    expect(installed, installed.stderr).toMatchObject({ status: 0 })
    const size = run(user, 'du', '-sm', user.prefix).stdout.split('\t')[0]
    console.log(
      `npm install -g on Node ${run(user, 'node', '-v').stdout.trim()}: ${Math.round(tookMs)} ms, ${size} MB`,
    )
    expect(tookMs).toBeLessThan(installMs * Math.max(1, loadavg()[0]! / availableParallelism()))

    expect(run(user, 'edgekeep', '--version')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d/),
    })
    const demo = run(user, 'edgekeep', 'demo')
    expect(demo.status, demo.stdout + demo.stderr).toBe(0)

    // The package is installed in a project for these, so its own is linked to the installed one.
    const modules = path.join(user.home, 'node_modules')
    mkdirSync(modules)
    symlinkSync(path.join(user.prefix, 'lib/node_modules/edgekeep'), path.join(modules, 'edgekeep'))
    const imports = `import { edgekeep } from 'edgekeep/vite'
import { develop } from 'edgekeep/dev'
console.log(edgekeep().name, typeof develop)`
    expect(run(user, 'node', '--input-type=module', '--eval', imports)).toMatchObject({
      status: 0,
      stdout: 'edgekeep function\n',
    })

    const { ui, runsOn } = await up(user)
    expect(runsOn.startsWith(user.prefix)).toBe(true)
    const browser = await openBrowser()
    onTestFinished(() => browser.close())
    const window = await browser.context.newPage()
    await window.goto(ui)
    await window.getByRole('heading', { name: 'No domain yet' }).waitFor()
  })
})
