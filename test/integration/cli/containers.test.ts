import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { needs } from '../../support/needs.ts'
import { edgekeep, edgekeepProcess, homeWithKeyFile, launcher } from '../../support/processes/cli.ts'
import { type FakeDocker, startFakeDocker } from '../../support/processes/fake-docker.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

needs(process.platform === 'win32' ? 'Unix sockets with a path' : null)

let home: string
let docker: FakeDocker
beforeEach(async () => {
  home = await homeWithKeyFile(temporaryFolder())
  docker = await startFakeDocker(home)
})
afterEach(() => {
  docker.close()
  rmSync(dirname(home), { recursive: true, force: true })
})

const trust = (...args: string[]) =>
  edgekeepProcess(home, ['--json', 'trust', 'container', ...args], '', { DOCKER_HOST: docker.host })
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
  const served = await edgekeepProcess(home, ['containers'], '', { DOCKER_HOST: docker.host })
  expect([served.status, served.err]).toEqual([1, expect.stringMatching(/refused it: no such/)])
  expect(served.err).not.toContain('    at ')
  docker.close()
  expect(await codeOf(trust('web'))).toBe('container.no_engine')
})

test('labelled containers are served at the address of each start, and hostile labels are refused', async () => {
  docker.container.labels = { 'edgekeep.name': 'web', 'edgekeep.port': '9' }
  const child = spawn(process.execPath, [launcher, '--home', home, '--json', 'containers'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DOCKER_HOST: docker.host },
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
