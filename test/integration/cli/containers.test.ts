import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { requestOf } from '../../support/edge/edge-request.ts'
import { needs, unless } from '../../support/needs.ts'
import { edgekeep, homeWithKeyFile, launcher } from '../../support/processes/cli.ts'
import { type FakeDocker, startFakeDocker } from '../../support/processes/fake-docker.ts'
import { type Podman, startPodman, withoutPodman } from '../../support/processes/podman.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { waits } from '../../support/waits.ts'

needs(process.platform === 'win32' ? 'Unix sockets with a path' : null)

let home: string
let docker: FakeDocker
const outside = process.env['DOCKER_HOST']
beforeAll(async () => {
  home = await homeWithKeyFile(temporaryFolder())
})
beforeEach(async () => {
  docker = await startFakeDocker(home)
  process.env['DOCKER_HOST'] = docker.host
})
afterEach(() => docker.close())
afterAll(() => {
  if (outside === undefined) delete process.env['DOCKER_HOST']
  else process.env['DOCKER_HOST'] = outside
  rmSync(dirname(home), { recursive: true, force: true })
})

const root = () => readFileSync(join(home, 'trust', 'roots.pem'))
const trust = (...args: string[]) => edgekeep(home, ['--json', 'trust', 'container', ...args])
const codeOf = async (ran: ReturnType<typeof trust>) => (await ran).json().error?.code

test('a container gets the root by its own tool after it was shown, and loses it again', async () => {
  expect(await codeOf(trust('web', '--yes'))).toBe('authority.none')
  await edgekeep(home, ['https', 'on', 'shop.test', '--free'])
  docker.acts.length = 0
  const planned = await trust('web', '--dry-run')
  expect(planned.json()).toMatchObject({ containers: [{ store: '/usr/local/share/ca-certificates' }] })
  expect(docker.acts).toHaveLength(1)
  const done = await trust('web', '--yes')
  expect(done.err).toContain('lost with the container')
  expect(docker.acts.slice(-2)).toEqual(['PUT /usr/local/share/ca-certificates', 'update-ca-certificates'])
  expect((await trust('web', '--undo', '--yes')).status).toBe(0)
  expect(docker.acts.slice(-2)).toEqual([
    'rm -f /usr/local/share/ca-certificates/edgekeep-root.crt',
    'update-ca-certificates --fresh',
  ])

  docker.container.labels = { 'com.docker.compose.project': 'shop; id', 'com.docker.compose.service': 'web' }
  const line = "  edgekeep trust container 'shop; id' --compose > compose.override.yaml"
  expect((await trust('web', '--yes')).json()['lines']).toContain(line)
  expect((await trust('web', '--compose')).json()['compose']).toMatch(
    /^# Trust [^]*\n {2}web:\n {4}environment:/,
  )

  docker.store = '/etc/passwd; rm -rf /\n'
  const refused = await trust('web', '--yes')
  expect([refused.status, refused.err]).toEqual([1, expect.stringContaining('no shell with a tool')])
  expect(refused.json().error?.code).toBe('container.cannot_trust')
})

test('containers that are not there, do not run or do not answer are named as that', async () => {
  expect(await codeOf(trust('../../etc'))).toBe('container.not_found')
  docker.container.running = false
  expect(await codeOf(trust('web'))).toBe('container.not_running')
  docker.isFailing = true
  expect(await codeOf(trust('web'))).toBe('container.refused')
  const served = await edgekeep(home, ['containers'])
  expect([served.status, served.err]).toEqual([1, expect.stringMatching(/refused it: no such/)])
  expect(served.err).not.toContain('    at ')
  docker.close()
  expect(await codeOf(trust('web'))).toBe('container.no_engine')
})

test('labelled containers are served at the address of each start, and hostile labels are refused', async () => {
  docker.container.labels = { 'edgekeep.name': 'web', 'edgekeep.port': '9' }
  const child = spawn(process.execPath, [launcher, '--home', home, '--json', 'containers'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]()
  const event = async (): Promise<Record<string, string>> => {
    const line = (await lines.next()).value as string
    return line.startsWith('{"type"') ? (JSON.parse(line) as Record<string, string>) : event()
  }
  const originOf = async () => {
    const { domain } = (await edgekeep(home, ['--json', 'domain', 'show', 'web.localhost'])).json()
    return (domain as { origin: { host: string } }).origin.host
  }
  expect(await event()).toMatchObject({
    type: 'served',
    address: expect.stringMatching(/^https:\/\/web\.localhost/) as string,
  })
  docker.container.address = '127.0.0.3'
  docker.emit('die')
  expect(await event()).toMatchObject({ type: 'ended' })
  docker.emit('start')
  expect(await event()).toMatchObject({ type: 'served' })
  expect(await originOf()).toBe('127.0.0.3')
  docker.container.labels = { 'edgekeep.name': 'bank.com', 'edgekeep.port': '80' }
  docker.emit('start')
  expect(await event()).toMatchObject({ type: 'ended' })
  expect(await event()).toMatchObject({ type: 'refused' })
  child.kill('SIGINT')
  await once(child, 'close')
})

describe('with a real Podman', unless(withoutPodman()), () => {
  let podman: Podman
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edgekeep-podman-'))
    podman = await startPodman(folder)
    // Makes the local authority and its bundle.
    await edgekeep(home, ['trust', 'env'])
    const labels = ['--label', 'edgekeep.name=web', '--label', 'edgekeep.port=3000']
    const httpd = ['/bin/busybox', 'httpd', '-f', '-p', '3000', '-h', '/srv']
    podman.run('run', '--detach', '--name', 'web', ...labels, 'shop', ...httpd)
  }, 60_000)
  afterAll(async () => {
    await podman.close()
    rmSync(folder, { recursive: true, force: true })
  })

  beforeEach(() => {
    process.env['DOCKER_HOST'] = podman.host
  })

  test('a labelled container answers through the edge, also after a restart', async () => {
    const child = spawn(process.execPath, [launcher, '--home', home, '--json', 'containers'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let events = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (events += text))
    const addresses = () => [...events.matchAll(/"address":"https:\/\/web\.localhost:(\d+)"/g)]
    for (const times of [1, 2]) {
      await expect.poll(() => addresses().length, waits).toBe(times)
      const ask = requestOf(Number(addresses().at(-1)?.[1]), 'web.localhost', root())
      const page = async () => (await ask('/')).body.toString()
      await expect.poll(page, waits).toBe('from the container')
      if (times === 1) podman.run('restart', '--time', '0', 'web')
    }
    child.kill('SIGINT')
    await once(child, 'close')
  })

  test('its own tool gets the root, and what its next start needs is printed, until it is undone', async () => {
    const trusting = (...args: string[]) => edgekeep(home, ['trust', 'container', 'web', ...args])
    const read = (path: string) => podman.run('exec', 'web', '/bin/cat', path)
    const done = await trusting('--yes')
    expect([done.status, done.out]).toEqual([
      0,
      expect.stringContaining('--env NODE_EXTRA_CA_CERTS=/edgekeep-trust'),
    ])
    expect(read('/etc/ssl/bundle.pem')).toContain('BEGIN CERTIFICATE')
    expect((await trusting('--undo', '--yes')).status).toBe(0)
    expect(read('/etc/ssl/bundle.pem')).toBe('')
  })
})
