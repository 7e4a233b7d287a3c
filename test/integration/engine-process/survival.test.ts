import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import tls from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectEngine } from '../../../src/engine-process/connect.ts'
import { openHome, type Home } from '../../../src/engine-process/home.ts'
import { keepEngine, type SupervisedEngine } from '../../../src/engine-process/keep-engine.ts'
import { startEngine } from '../../../src/engine-process/start-engine.ts'
import type { Client } from '../../../src/client/client.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { enableByUpload, originAt, temporaryFolder } from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { startOrigin, type TestOrigin } from '../../support/edge/origin.ts'

const authority = createTestAuthority()
const leaf = issueTestLeaf(authority, { names: ['shop.test', '*.shop.test'] })

let home: Home
let origin: TestOrigin
let originPort: number

beforeEach(async () => {
  home = openHome(temporaryFolder())
  origin = await startOrigin((_request, response) => response.end('from the origin'))
  originPort = origin.port
})
afterEach(async () => {
  await origin.close()
  rmSync(home.folder, { recursive: true, force: true })
})

async function ports() {
  return { httpsPort: await freePort(), httpPort: await freePort(), portTaken: 'fail' as const }
}

/** Calls the engine; one that was killed a moment ago is waited for. */
async function withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
  let connection = await connectEngine(home)
  for (let tries = 0; !connection && tries < 100; tries += 1) {
    await pause(50)
    connection = await connectEngine(home)
  }
  if (!connection) throw new Error('No engine runs')
  try {
    return await use(connection.client)
  } finally {
    await connection.close()
  }
}

async function serving(engine: SupervisedEngine): Promise<number> {
  await withClient(async (client) => {
    await client.domains.add({ name: 'shop.test', origin: originAt(originPort) })
    await enableByUpload(client, 'shop.test', leaf)
  })
  await handshake(engine.ready.httpsPort)
  return withClient(async (client) => (await client.engine.status()).edge.workerPids[0] ?? 0)
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await gone(pid)
}

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await pause(2)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function handshake(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = tls.connect({
    host: '127.0.0.1',
    port,
    servername: 'shop.test',
    ca: authority.certificatePem,
  })
  socket.once('secureConnect', () => resolve()).once('error', reject)
  return promise.finally(() => socket.destroy())
}

/** Tries until a real handshake verifies; answers after how many milliseconds. */
async function backAfterMs(port: number, patienceMs: number): Promise<number> {
  const started = performance.now()
  for (;;) {
    try {
      await handshake(port)
      return performance.now() - started
    } catch (error) {
      if (performance.now() - started > patienceMs) throw error
      await pause(20)
    }
  }
}

test('a killed worker is replaced by itself, and the new one serves the same', async () => {
  const engine = await keepEngine(home, await ports())
  try {
    let workerPid = await serving(engine)
    for (let round = 0; round < 3; round += 1) {
      await kill(workerPid)
      const tookMs = await backAfterMs(engine.ready.httpsPort, 10_000)
      console.log(`The edge was back ${Math.round(tookMs)} ms after its worker was killed.`)
      const { edge, configuration } = await withClient((client) => client.engine.status())
      expect(edge).toMatchObject({ state: 'running', restarts: round + 1 })
      expect(edge.workerPids).not.toContain(workerPid)
      expect(configuration.inEffect).toBe(configuration.version)
      workerPid = edge.workerPids[0] ?? 0
    }
  } finally {
    await engine.stop()
  }
})

test('a killed engine takes its worker with it, and its host brings both back with everything', async () => {
  const engine = await keepEngine(home, await ports())
  try {
    const workerPid = await serving(engine)
    const before = await withClient((client) => client.domains.list())
    await kill(engine.pid() ?? 0)
    await gone(workerPid)
    const tookMs = await backAfterMs(engine.ready.httpsPort, 20_000)
    console.log(`The edge was back ${Math.round(tookMs)} ms after its engine was killed.`)
    expect(await withClient((client) => client.domains.list())).toEqual(before)
  } finally {
    await engine.stop()
  }
})

test('a killed engine comes back on the ports in force: the ones it was moved to, or the next free ones', async () => {
  const wanted = await ports()
  const other = createServer().listen(wanted.httpsPort, '127.0.0.1')
  await once(other, 'listening')
  const engine = await keepEngine(home, { ...wanted, portTaken: 'next' })
  const listens = async () => (await withClient((client) => client.engine.status())).edge.https
  const killed = async () => {
    const pid = engine.pid() ?? 0
    await kill(pid)
    await expect.poll(() => engine.pid() ?? pid, { timeout: 30_000 }).not.toBe(pid)
    return listens()
  }
  try {
    await serving(engine)
    const port = engine.ready.httpsPort
    expect(await killed()).toMatchObject({ port, wantedPort: wanted.httpsPort })
    const check = await withClient((client) => client.domains.check({ domain: 'shop.test' }))
    const step = check.steps.find(({ title }) => title === `Port ${wanted.httpsPort}`)
    expect(step).toMatchObject({
      ok: false,
      seen: expect.stringContaining(`addresses end in :${port}.`) as string,
    })
    await expect(withClient((client) => client.ports.retry())).rejects.toMatchObject({
      code: 'edge.port_taken',
    })
    other.close()
    await withClient((client) => client.ports.retry())
    const moved = { port: wanted.httpsPort, wantedPort: wanted.httpsPort, takenBy: null }
    expect(await listens()).toMatchObject(moved)
    expect(await killed()).toMatchObject(moved)
  } finally {
    other.close()
    await engine.stop()
  }
  expect(existsSync(join(home.folder, 'edge.json'))).toBe(false)
})

test('an engine killed at any moment has kept every change it acknowledged', async () => {
  const acknowledged = new Map<string, boolean>()
  const options = await ports()
  for (let round = 0; round < 5; round += 1) {
    const engine = await startEngine(home, options)
    const changes = withClient((client) => changeUntilKilled(client, round, acknowledged))
    await pause(100 + Math.random() * 700)
    process.kill(engine.pid, 'SIGKILL')
    await expect(changes).rejects.toThrow(/./)
    await engine.exited
  }
  const engine = await startEngine(home, options)
  const domains = await withClient((client) => client.domains.list())
  await engine.stop()
  console.log(
    `${acknowledged.size} changes were acknowledged before five kills; ${domains.length} domains are there.`,
  )
  expect(acknowledged.size).toBeGreaterThan(0)
  for (const [name, onHttps] of acknowledged) {
    const found = domains.find((domain) => domain.name === name)
    expect(found, name).toBeDefined()
    if (onHttps) expect(found?.https.state, name).toBe('on')
  }
  for (const { https } of domains) expect(https.state === 'off').toBe(https.certificate === null)
})

async function changeUntilKilled(
  client: Client,
  round: number,
  acknowledged: Map<string, boolean>,
): Promise<void> {
  for (let count = 0; ; count += 1) {
    const name = `r${round}-${count}.shop.test`
    await client.domains.add({ name, origin: originAt(originPort) })
    acknowledged.set(name, false)
    await enableByUpload(client, name, leaf)
    acknowledged.set(name, true)
  }
}
