import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { processTable } from '../../../src/platform/processes/process-table.ts'
import { edgekeep, launcher, startEdgekeep, type RunningEdgekeep } from '../../support/processes/cli.ts'
import { requestOf } from '../../support/edge/edge-request.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { waits } from '../../support/waits.ts'

const repository = dirname(dirname(launcher))
let home: string
let project: string
let up: RunningEdgekeep

const server = `
import { createServer } from 'node:http'
process.on('SIGTERM', () => process.exit(9))
const { PORT, HOST, EDGEKEEP_URL, EDGEKEEP_URL_SHOP, EDGEKEEP_URL_WEB, NODE_EXTRA_CA_CERTS } = process.env
const text = JSON.stringify({ pid: process.pid, EDGEKEEP_URL, EDGEKEEP_URL_SHOP, EDGEKEEP_URL_WEB, NODE_EXTRA_CA_CERTS })
createServer((_, response) => response.end(text)).listen(process.argv[2] ?? PORT, HOST)
`

beforeAll(async () => {
  const folder = temporaryFolder()
  home = join(folder, 'home')
  project = join(folder, 'project')
  mkdirSync(home, { mode: 0o700 })
  mkdirSync(join(project, '.git'), { recursive: true })
  writeFileSync(join(project, '.git', 'HEAD'), 'ref: refs/heads/main\n')
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'shop', scripts: { dev: 'node server.mjs' } }),
  )
  writeFileSync(join(project, 'server.mjs'), server)
  const [httpsPort, httpPort] = [await freePort(), await freePort()]
  up = await startEdgekeep(home, ['--no-ui', '--https-port', `${httpsPort}`, '--http-port', `${httpPort}`])
}, 60_000)
afterAll(() => up.interrupt())

interface Event {
  type?: string
  service?: string
  address?: string
  origin?: string
  ok?: boolean
}

/** `edgekeep run --json …` in the project, with its events so far. */
function startRun(args: string[] = [], cwd = project) {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const child = spawn(process.execPath, [launcher, '--home', home, '--json', 'run', ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.resume()
  onTestFinished(() => void child.kill('SIGKILL'))
  const events = () => out.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Event] : []))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const find = () => events().find(({ type }) => type === 'ready')
  const ready = async () => {
    await expect.poll(find, waits).toBeDefined()
    return find() ?? {}
  }
  return { child, events, ended, ready }
}

async function text(address: string) {
  const { hostname, port } = new URL(address)
  const root = readFileSync(join(home, 'trust', 'roots.pem'))
  return (await requestOf(Number(port), hostname, root)('/')).body.toString()
}
const page = async (address: string) => JSON.parse(await text(address)) as Record<string, string | number>

/** Interval of polls by a command, which would take the processor from what they wait for. */
const seldom = { ...waits, interval: 200 }
const domains = async () => (await edgekeep(home, ['domain', 'list', '--json'])).json()['domains']
const runs = async () =>
  (await edgekeep(home, ['run', '--list', '--json'])).json()['runs'] as { isLeft: boolean; pid: number }[]
/** Zombies, which nothing collects in a container, are not listed. */
const isAlive = async (pid: unknown) => (await processTable()).some((row) => row.pid === pid)

test('a server runs behind its own address and leaves nothing when it is ended', async () => {
  const { child, ended, ready } = startRun()
  const { address = '' } = await ready()
  expect(address).toBe(`https://shop.localhost:${up.httpsPort}`)
  const seen = await page(address)
  expect(seen).toMatchObject({
    EDGEKEEP_URL: address,
    EDGEKEEP_URL_SHOP: address,
    NODE_EXTRA_CA_CERTS: join(home, 'trust', 'roots.pem'),
  })
  expect(await runs()).toMatchObject([{ isLeft: false }])
  for (const name of [basename(project), new URL(address).hostname])
    expect(await edgekeep(home, ['get', name])).toMatchObject({ status: 0, out: `${address}\n`, err: '' })
  const unknown = await edgekeep(home, ['get', 'shpo.localhost'])
  expect([unknown.status, unknown.out]).toEqual([1, ''])
  expect(unknown.err).toMatch(/^edgekeep: There is no domain shpo\.localhost\./)
  child.kill('SIGTERM')
  // npm answers a signal with one of its own.
  expect(await ended).toBeGreaterThan(0)
  expect([await isAlive(seen['pid']), await domains(), await runs()]).toEqual([false, [], []])
})

test('the port on which a server really listens is found', async () => {
  const port = await freePort()
  const { child, ended, ready } = startRun(['--name', 'other', '--', 'node', 'server.mjs', `${port}`])
  const { address = '', origin } = await ready()
  expect(origin).toBe(`http://127.0.0.1:${port}`)
  expect(await page(address)).toMatchObject({ EDGEKEEP_URL: `https://other.localhost:${up.httpsPort}` })
  child.kill('SIGTERM')
  expect(await ended).toBe(9)
})

test('a server of the project’s own packages that serves HTTPS itself is reached over HTTPS', async () => {
  const leaf = issueTestLeaf(createTestAuthority(), { names: ['localhost'] })
  const vite = `#!/usr/bin/env node
const [cert, key] = ${JSON.stringify([leaf.chainPem, leaf.keyPem])}
const port = process.argv[process.argv.indexOf('--port') + 1]
require('node:https').createServer({ cert, key }, (_, response) => response.end('{"tls":1}')).listen(port, '127.0.0.1')
`
  mkdirSync(join(project, 'node_modules', '.bin'), { recursive: true })
  writeFileSync(join(project, 'node_modules', '.bin', 'vite'), vite, { mode: 0o700 })
  const { child, ended, ready } = startRun(['--', 'vite'])
  const { address = '', origin } = await ready()
  expect(origin).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  expect(await page(address)).toEqual({ tls: 1 })
  child.kill('SIGTERM')
  expect(await ended).toBe(143)
})

test('the packages of a monorepo run at once, know each other and end together', async () => {
  const root = join(project, '..', 'acme')
  const packages = { web: 'node ../../server.mjs', api: 'node ../../server.mjs', ui: 'tsc --version || true' }
  mkdirSync(join(root, '.git'), { recursive: true })
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'acme', workspaces: ['apps/*'] }))
  writeFileSync(join(root, 'server.mjs'), server)
  for (const [name, dev] of Object.entries(packages)) {
    mkdirSync(join(root, 'apps', name), { recursive: true })
    writeFileSync(join(root, 'apps', name, 'package.json'), JSON.stringify({ name, scripts: { dev } }))
  }
  const { child, ended, events } = startRun([], root)
  const ready = () => events().filter(({ type }) => type === 'ready')
  await expect.poll(() => ready().length, waits).toBe(2)
  const addresses = ready().map(({ address }) => address ?? '')
  expect(addresses.toSorted()).toEqual([
    `https://api.acme.localhost:${up.httpsPort}`,
    `https://web.acme.localhost:${up.httpsPort}`,
  ])
  for (const address of addresses)
    expect(await page(address)).toMatchObject({
      EDGEKEEP_URL: address,
      EDGEKEEP_URL_WEB: addresses.find((each) => each.includes('web')),
    })
  child.kill('SIGTERM')
  expect(await ended).toBeGreaterThan(0)
  expect([await domains(), await runs()]).toEqual([[], []])
})

test('the services of edgekeep.yaml run once their commands are trusted, all or some by name', async () => {
  const root = join(project, '..', 'team')
  mkdirSync(join(root, 'web'), { recursive: true })
  writeFileSync(join(root, 'server.mjs'), server)
  const write = (services: string) =>
    writeFileSync(join(root, 'edgekeep.yaml'), `edgekeep: 1\nproject: team\nservices:\n${services}`)
  const web = '  web: { command: node ../server.mjs, folder: web }\n'
  write(`${web}  api: { command: "VALUE=1 node server.mjs" }\n`)
  const unasked = (...services: string[]) => edgekeep(home, ['run', '--json', ...services], '', root)
  const refused = await unasked()
  expect([refused.status, refused.json().error?.code]).toEqual([2, 'usage.wrong'])
  expect(refused.err).toContain(
    `  web: node ../server.mjs\n    in ${join(root, 'web')}, at https://web.team.localhost`,
  )
  const all = startRun(['--yes'], root)
  const ready = () => all.events().filter(({ type }) => type === 'ready')
  await expect.poll(() => ready().length, waits).toBe(2)
  const [api = '', own = ''] = ready()
    .map(({ address = '' }) => address)
    .toSorted()
  expect([api, own]).toEqual(['api', 'web'].map((name) => `https://${name}.team.localhost:${up.httpsPort}`))
  expect(await page(own)).toMatchObject({ EDGEKEEP_URL: own, EDGEKEEP_URL_WEB: own })
  all.child.kill('SIGTERM')
  await all.ended
  // Trusted from then on, until a command changes.
  const one = startRun(['web'], root)
  expect(await one.ready()).toMatchObject({ service: 'web', address: own })
  expect(one.events().filter(({ type }) => type === 'start')).toHaveLength(1)
  one.child.kill('SIGTERM')
  await one.ended
  writeFileSync(join(root, 'package.json'), JSON.stringify({ scripts: { api: 'node server.mjs 1' } }))
  write(`${web}  api: { command: npm run api }\n`)
  const changed = await unasked('web')
  expect([changed.status, changed.err]).toEqual([2, expect.stringContaining('script api: node server.mjs 1')])
})

test('a run that was killed leaves no domain, and its servers end by --prune, also later ones', async () => {
  const forking = `
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
createServer((_, response) => {
  const { pid } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  response.end(JSON.stringify({ pid: process.pid, late: pid }))
}).listen(process.env.PORT, '127.0.0.1')
`
  writeFileSync(join(project, 'forking.mjs'), forking)
  const { child, ready } = startRun(['--', 'node', 'forking.mjs'])
  const { origin = '' } = await ready()
  const [run] = await runs()
  // Both processes of the command at once.
  child.kill('SIGSTOP')
  process.kill(run?.pid ?? 0, 'SIGKILL')
  child.kill('SIGKILL')
  await expect.poll(domains, seldom).toEqual([])
  expect(await runs()).toMatchObject([{ isLeft: true }])
  const { pid, late } = (await (await fetch(origin)).json()) as { pid: number; late: number }
  expect([await isAlive(pid), await isAlive(late)]).toEqual([true, true])
  expect((await edgekeep(home, ['run', '--prune', '--json'])).json()).toMatchObject({
    ok: true,
    runs: 1,
    ended: 2,
  })
  expect([await isAlive(pid), await isAlive(late), await runs()]).toEqual([false, false, []])
})

test('the Vite plugin gives a server its address, the same after a restart, until it is killed', async () => {
  const root = join(project, '..', 'plugin')
  const modules = join(root, 'node_modules')
  mkdirSync(modules, { recursive: true })
  symlinkSync(repository, join(modules, 'edgekeep'))
  symlinkSync(join(repository, 'node_modules', 'vite'), join(modules, 'vite'))
  writeFileSync(join(root, 'index.html'), '<script type="module">console.log(1)</script>')
  const config =
    "import { edgekeep } from 'edgekeep/vite'\nexport default { plugins: [edgekeep({ name: 'plugin' })] }\n"
  writeFileSync(join(root, 'vite.config.mjs'), config)
  const port = `${await freePort()}`
  const { NODE_EXTRA_CA_CERTS: _, ...given } = process.env
  const env = { ...given, EDGEKEEP_HOME: home }
  const child = spawn(
    process.execPath,
    ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1', '--port', port],
    {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  const address = `https://plugin.localhost:${up.httpsPort}`
  const times = () => out.split(`Edgekeep: ${address}/`).length - 1
  await expect.poll(times, waits).toBe(1)
  writeFileSync(join(root, 'vite.config.mjs'), `${config}// changed\n`)
  await expect.poll(times, waits).toBe(2)
  expect(await text(address)).toContain('/@vite/client')
  // Another process of the same server shares the address, and trusts it from then on.
  const shared = `
import { get } from 'node:https'
import { develop } from 'edgekeep/dev'
const lookup = (_, { all }, found) => (all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4))
const { address } = await develop({ origin: ${port}, name: 'plugin' })
get(address, { lookup }, ({ statusCode }) => {
  if (address !== '${address}' || statusCode !== 200) process.exit(9)
  if (process.argv[2] !== 'stay') process.exit(0)
  console.log('ready')
  setInterval(() => {}, 1000)
})
`
  writeFileSync(join(root, 'shared.mjs'), shared)
  const other = spawn(process.execPath, ['shared.mjs'], { cwd: root, env, stdio: 'inherit' })
  expect(await new Promise((resolve) => other.once('close', resolve))).toBe(0)
  // A third one, which ends by Ctrl-C in its terminal: a signal to its process group.
  const third = spawn(process.execPath, ['shared.mjs', 'stay'], {
    ...{ cwd: root, env, detached: true },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const thirdEnded = new Promise((resolve) => third.once('close', resolve))
  await new Promise((resolve) => third.stdout.once('data', resolve))
  expect(await runs()).toHaveLength(2)
  process.kill(-(third.pid ?? 0), 'SIGINT')
  await thirdEnded
  await expect.poll(runs, seldom).toMatchObject([{ isLeft: false }])
  expect(await text(address)).toContain('/@vite/client')
  child.kill('SIGKILL')
  await expect.poll(domains, seldom).toEqual([])
})

test('a port that another program holds gets no request, whatever the server makes of it', async () => {
  const seen: string[] = []
  const other = createServer((request, response) => {
    seen.push(request.headers.cookie ?? '')
    response.end('{"other":1}')
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const { status, json } = await edgekeep(home, ['run', '--json', '--port', `${port}`, '--', 'true'])
  expect([status, json().error?.code]).toEqual([1, 'run.port_taken'])
  expect(json().error?.message).toContain(`Port ${port} is used by node (process ${process.pid})`)
  // A server that starts as it likes, and listens when this file is there.
  const sign = join(project, 'listen')
  const waiting = `setTimeout(function look() { if (require('node:fs').existsSync(${JSON.stringify(sign)})) require('node:http').createServer((_, r) => r.end('{"own":1}')).listen(process.env.PORT, '127.0.0.1'); else setTimeout(look, 50) })`
  const { child, ended, events, ready } = startRun(['--name', 'late', '--', 'node', '-e', waiting])
  await expect.poll(() => events().some(({ type }) => type === 'start'), waits).toBe(true)
  expect(await text(`https://late.localhost:${up.httpsPort}`)).toContain('does not listen yet')
  writeFileSync(sign, '')
  const { address = '' } = await ready()
  expect(await page(address)).toEqual({ own: 1 })
  child.kill('SIGTERM')
  expect(await ended).toBe(143)
  expect(seen).toEqual([])
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  'without a terminal, %s ends all that the command started by SIGTERM, though its shell waits for them',
  async (signal) => {
    const folder = temporaryFolder()
    // The shell of a script ends at no signal before its commands, and those behind "&" ignore SIGINT.
    const loud = `const { appendFileSync } = require('node:fs')
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => { appendFileSync('signals', name + '\\n'); if (name === 'SIGTERM') process.exit() })
require('node:http').createServer((_, r) => r.end(String(process.pid))).listen(process.argv[2] ?? process.env.PORT, '127.0.0.1')`
    writeFileSync(join(folder, 'loud.cjs'), loud)
    const dev = 'trap "" INT; node loud.cjs 0 & node loud.cjs; wait; sleep 60'
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'loud', scripts: { dev } }))
    const { child, ended, ready } = startRun(['--', 'npm', 'run', 'dev'], folder)
    const { address = '' } = await ready()
    const pid = Number(await text(address))
    child.kill(signal)
    await ended
    expect(await isAlive(pid)).toBe(false)
    // A SIGKILL comes after eight seconds, and leaves no line here.
    const seen = readFileSync(join(folder, 'signals'), 'utf8').split('\n').filter(Boolean)
    expect(seen.filter((name) => name === 'SIGTERM').length).toBeGreaterThanOrEqual(2)
    expect(await domains()).toEqual([])
  },
)

test.each(['edgekeep.yaml', 'package.json', 'pnpm-workspace.yaml'])(
  'a stranger’s %s that never ends, or that nobody writes to, is refused at once',
  async (name) => {
    const folder = temporaryFolder()
    const refusal = async () => {
      const { status, json } = await edgekeep(home, ['run', '--json'], '', folder)
      return [status, json().error?.code]
    }
    const code = name === 'edgekeep.yaml' ? 'input.file_unreadable' : 'run.no_command'
    symlinkSync('/dev/zero', join(folder, name))
    expect(await refusal()).toEqual([2, code])
    rmSync(join(folder, name))
    execFileSync('mkfifo', [join(folder, name)])
    expect(await refusal()).toEqual([2, code])
  },
)

test('the exit status is that of the command', async () => {
  const { status, out } = await edgekeep(home, ['run', '--json', '--', 'sh', '-c', 'exit 7'])
  expect(status).toBe(7)
  const [first = ''] = out.split('\n')
  expect(JSON.parse(first)).toMatchObject({ type: 'start', service: 'home' })
  expect(await domains()).toEqual([])
})

test('a refusal names its reason', async () => {
  const refusal = async (...args: string[]) => {
    const { status, json } = await edgekeep(home, ['run', '--json', ...args])
    return [status, json().error?.code]
  }
  // Commands of these tests run in the home, which is no project.
  expect(await refusal()).toEqual([2, 'run.no_command'])
  expect(await refusal('--', './no-such-program')).toEqual([2, 'run.not_started'])
  expect(await refusal('--name', '*.shop.test', '--', 'true')).toEqual([2, 'usage.wrong'])
  expect(await refusal('--attach', '3000', '--', 'true')).toEqual([2, 'usage.wrong'])
  expect(await refusal('--attach', 'file:///etc')).toEqual([2, 'usage.wrong'])
  expect(await refusal('--attach', '0')).toEqual([2, 'origin.invalid'])
  await edgekeep(home, ['domain', 'add', 'mine.localhost', '--origin', '3000'])
  expect(await refusal('--name', 'mine', '--', 'true')).toEqual([1, 'run.name_taken'])
  await edgekeep(home, ['domain', 'remove', 'mine.localhost', '--yes'])
  expect(await domains()).toEqual([])
})

test('up serves the edgekeep.yaml of its folder once that is confirmed, and takes nothing over unasked', async () => {
  // Commands of these tests run in the home.
  const write = (domains: string) =>
    writeFileSync(join(home, 'edgekeep.yaml'), `edgekeep: 1\nproject: shop\ndomains:\n${domains}`)
  const up = (...args: string[]) => edgekeep(home, ['up', '--no-ui', ...args])
  const names = async () => ((await domains()) as { name: string }[]).map(({ name }) => name)
  write('  team.test: { origin: 3000, redirect: https }\n')
  expect((await up('--json')).json().error?.code).toBe('usage.wrong')
  expect(await names()).toEqual([])
  const first = await up('--yes')
  expect(first.err).toContain(
    '+ team.test: HTTPS with a certificate of the local authority, redirect to https',
  )
  expect([first.status, await names()]).toEqual([0, ['team.test']])
  expect(first.out).not.toContain('none yet')
  expect((await up()).err).toContain('shop: nothing to change.')
  await edgekeep(home, ['domain', 'add', 'mine.test', '--origin', '5000'])
  write('  team.test: { origin: 3000, redirect: https }\n  mine.test: { origin: 3000 }\n')
  expect((await up('--yes', '--json')).json().error?.code).toBe('project.name_taken')
  expect((await up('--yes', '--take')).err).toContain('! mine.test is a domain of yours.')
  writeFileSync(join(home, 'edgekeep.yaml'), 'edgekeep: 1\ndomains:\n  a.test: { origin: 3000\n')
  expect((await up('--json')).json().error?.message).toMatch(/edgekeep\.yaml, line \d.*cannot be read/)
  writeFileSync(join(home, 'edgekeep.yaml'), '\nedgekeep: 1\ndomains: {}\n')
  expect((await up('--json')).json().error?.message).toContain(
    '(edgekeep.yaml, line 2) cannot be read: project',
  )
  // An exported configuration of that name is no project.
  await edgekeep(home, ['config', 'export', '--out', join(home, 'edgekeep.yaml')])
  // Node warns of the eleventh listener for a signal, as these commands share a process.
  for (let count = 0; count < 11; count += 1) expect(await up()).toMatchObject({ status: 0, err: '' })
  for (const name of await names()) await edgekeep(home, ['domain', 'remove', name, '--yes'])
})
