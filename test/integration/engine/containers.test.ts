import { afterAll, beforeAll, expect, test } from 'vitest'
import { createContainerWatch } from '../../../src/engine/containers/container-watch.ts'
import { openTestEngine, originAt, type TestEngine } from '../../support/engine/engine.ts'
import { needs } from '../../support/needs.ts'
import { type FakeDocker, startFakeDocker } from '../../support/processes/fake-docker.ts'
import { waits } from '../../support/waits.ts'

needs(process.platform === 'linux' ? null : 'networks of containers that this computer reaches')

let opened: TestEngine
let docker: FakeDocker
const before = process.env['DOCKER_HOST']
beforeAll(async () => {
  opened = await openTestEngine()
  docker = await startFakeDocker(opened.folder)
  process.env['DOCKER_HOST'] = docker.host
})
afterAll(async () => {
  if (before === undefined) delete process.env['DOCKER_HOST']
  else process.env['DOCKER_HOST'] = before
  docker.close()
  await opened.close()
})

const listed = () => opened.client.containers.list()
const serve = (container = 'web', port = 3000) => opened.client.containers.serve({ container, port })
const domain = (name: string) => opened.client.domains.get({ domain: name })

test('a running container becomes an origin, which follows it over restarts until it is changed', async () => {
  const container = { name: 'web', image: 'shop:1', ports: [3000], hasAddress: true }
  expect(await listed()).toEqual([{ ...container, domain: null }])
  expect(await serve()).toEqual({ domain: 'web.localhost' })
  expect(await domain('web.localhost')).toMatchObject({
    origin: { protocol: 'http', host: '127.0.0.1', httpPort: 3000 },
    https: { state: 'on', certificate: { kind: 'free' } },
  })
  expect(await listed()).toEqual([{ ...container, domain: 'web.localhost' }])
  // The engine of this test has no edge, which would make it.
  const watch = createContainerWatch(opened.engine.context.parts)
  docker.container.address = '127.0.0.2'
  watch.look()
  const hostOf = async () => (await domain('web.localhost')).origin
  await expect.poll(hostOf, waits).toMatchObject({ host: '127.0.0.2', httpPort: 3000 })
  docker.container.address = '127.0.0.3'
  docker.emit('start')
  await expect.poll(hostOf, waits).toMatchObject({ host: '127.0.0.3' })
  await opened.client.domains.setOrigin({ domain: 'web.localhost', origin: originAt(4000) })
  docker.container.address = '127.0.0.4'
  docker.emit('start')
  expect(await listed()).toEqual([{ ...container, domain: null }])
  watch.close()
  expect(await hostOf()).toMatchObject({ host: '127.0.0.1', httpPort: 4000 })
  expect(await serve()).toEqual({ domain: 'web-2.localhost' })
  const rows = await opened.client.audit.list({ limit: 50 })
  expect(rows.find(({ action }) => action === 'container.serve')).toMatchObject({
    subject: 'web-2.localhost',
  })
})

test('the engine makes no call that changes a container', () => {
  expect(docker.calls.length).toBeGreaterThan(5)
  expect(docker.calls.filter((call) => !call.startsWith('GET '))).toEqual([])
})

test('a container without an address, or that is not there, is refused, and without Docker there is no list', async () => {
  docker.container.address = ''
  expect(await listed()).toMatchObject([{ hasAddress: false }])
  await expect(serve()).rejects.toMatchObject({ code: 'container.no_address' })
  await expect(serve('other')).rejects.toMatchObject({ code: 'container.not_found' })
  docker.container.running = false
  await expect(serve()).rejects.toMatchObject({ code: 'container.not_running' })
  docker.isFailing = true
  expect(await listed()).toBeNull()
  docker.close()
  expect(await listed()).toBeNull()
  await expect(serve()).rejects.toMatchObject({ code: 'container.no_engine' })
})
