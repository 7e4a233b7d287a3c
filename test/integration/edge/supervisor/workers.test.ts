import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Route, Snapshot } from '../../../../src/edge/protocol/snapshot.ts'
import { Supervisor } from '../../../../src/edge/supervisor/supervisor.ts'
import type { SupervisorOptions } from '../../../../src/edge/supervisor/supervisor-options.ts'
import { workerEntry } from '../../../support/edge/built-worker.ts'
import { bundledProgram } from '../../../support/processes/bundled-program.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { exchangeBytes, readUntil, routeTo, servingCertificates } from '../../../support/edge/edge.ts'
import { linuxOnly, unless } from '../../../support/needs.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'
import { busyFolder } from '../../../support/edge/workers/busy-folder.ts'
import { sourceOf } from '../../../support/edge/snapshot-source.ts'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const authority = createTestAuthority()
const leaves = [1, 2].map(() => issueTestLeaf(authority, { names: ['shop.test'] }))

let origin: TestOrigin
let supervisor: Supervisor
let logs: string[]
let version: number
let route: Partial<Route>
let leaf = leaves[0]!

beforeAll(async () => {
  origin = await startOrigin((request, response) => {
    // The name that each worker puts into Via is its own.
    const worker = String(request.headers.via)
    if (request.url !== '/endless') return void response.end(worker)
    response.write(worker)
    const timer = setInterval(() => response.write('more '), 5)
    response.on('close', () => clearInterval(timer))
  })
})
afterAll(() => origin.close())
beforeEach(() => {
  logs = []
  version = 0
  route = {}
  leaf = leaves[0]!
})
afterEach(() => supervisor.close())

const snapshot = (): Snapshot => ({
  version: (version += 1),
  routes: [routeTo(origin.port, route)],
  certificates: servingCertificates({ shop: leaf }),
  publicPorts: { https: 443, http: 80 },
  extraOriginAnchors: [],
  vaultFolder: '/nowhere',
  staples: {},
})

function create(options: Partial<SupervisorOptions> = {}): Supervisor {
  const log = (level: string) => (_fields: object, message: string) => void logs.push(`${level} ${message}`)
  supervisor = new Supervisor({
    workerEntry,
    workers: 2,
    listen: { addresses: ['127.0.0.1', '::1'], httpsPort: 0, httpPort: 0 },
    portTaken: 'fail',
    source: sourceOf(snapshot),
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    changed() {},
    ...options,
  })
  return supervisor
}

async function connect(session?: Buffer): Promise<TLSSocket> {
  const port = supervisor.status().https?.port ?? 0
  const given = session ? { session } : {}
  const ca = authority.certificatePem
  const socket = connectTls({ host: '127.0.0.1', port, servername: 'shop.test', ca, ...given })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  return socket
}

const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n`
const workerIn = (answer: string) => /edgekeep-[0-9a-f]{8}/.exec(answer)?.[0] ?? answer.split('\r\n')[0] ?? ''

async function askWorker(session?: Buffer): Promise<string> {
  return workerIn(await exchangeBytes(await connect(session), request('/')))
}

/** Asks on new connections until every worker has answered, which the kernel decides. */
async function askAll<T>(ask: () => Promise<T>, times = 40): Promise<T[]> {
  const answers: T[] = []
  for (let at = 0; at < times; at += 1) answers.push(await ask())
  return answers
}

async function until(holds: () => boolean): Promise<void> {
  const endAt = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > endAt) throw new Error(`still not so; the log has: ${logs.join('\n')}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('two workers', linuxOnly, () => {
  test('share the ports and the connections', async () => {
    await create().start()
    const { workerPids, state } = supervisor.status()
    expect(new Set(workerPids).size).toBe(2)
    expect(state).toBe('running')
    expect(new Set(await askAll(askWorker)).size).toBe(2)
  })

  test('have both taken a change up when it is said to be in effect', async () => {
    await create().start()
    route = { redirect: { mode: 'http', code: 307 } }
    expect(await supervisor.apply()).toBe(version)
    expect(new Set(await askAll(askWorker))).toEqual(new Set(['HTTP/1.1 307 Temporary Redirect']))
  })

  test('take each other’s sessions, and none that was made before a swap', async () => {
    await create().start()
    const socket = await connect()
    const [session] = (await once(socket, 'session')) as [Buffer]
    socket.destroy()
    const ask = async () => {
      const resumed = await connect(session)
      const isReused = resumed.isSessionReused()
      return { isReused, worker: workerIn(await exchangeBytes(resumed, request('/'))) }
    }
    const before = await askAll(ask)
    expect(before.every(({ isReused }) => isReused)).toBe(true)
    expect(new Set(before.map(({ worker }) => worker)).size).toBe(2)
    leaf = leaves[1]!
    await supervisor.apply()
    const after = await askAll(ask)
    expect(after.some(({ isReused }) => isReused)).toBe(false)
  })

  test('go on with each other’s sessions after one was started anew', async () => {
    await create().start()
    leaf = leaves[1]!
    await supervisor.apply()
    const socket = await connect()
    const [session] = (await once(socket, 'session')) as [Buffer]
    socket.destroy()
    process.kill(supervisor.status().workerPids[0] ?? 0, 'SIGKILL')
    await until(() => supervisor.status().restarts === 1)
    await until(() => supervisor.status().workerPids.length === 2)
    const workers = new Set<string>()
    for (let at = 0; at < 200 && workers.size < 2; at += 1) {
      const resumed = await connect(session)
      expect(resumed.isSessionReused()).toBe(true)
      workers.add(workerIn(await exchangeBytes(resumed, request('/'))))
    }
    expect(workers.size).toBe(2)
  })

  test('serve on when one is killed: what it had in flight ends, nothing hangs', async () => {
    await create().start()
    const streams = await askAll(async () => {
      const socket = await connect()
      const closed = once(socket, 'close')
      socket.write(request('/endless'))
      const worker = workerIn(await readUntil(socket, /edgekeep-[0-9a-f]{8}/))
      return { socket, worker, closed }
    }, 24)
    const byWorker = Map.groupBy(streams, ({ worker }) => worker)
    expect(byWorker.size).toBe(2)
    const [first = 0, second = 0] = supervisor.status().workerPids
    process.kill(first, 'SIGKILL')
    // Whichever of the two it was: the streams of one end, all of them, and those of the other go on.
    const ended = await Promise.race(
      streams.map(async ({ worker, closed }) => {
        await closed
        return worker
      }),
    )
    for (const { closed } of byWorker.get(ended) ?? []) await closed
    const others = streams.filter(({ worker }) => worker !== ended)
    for (const { socket } of others) await readUntil(socket, 'more ')
    for (let at = 0; at < 20; at += 1) expect(await askWorker()).toMatch(/^edgekeep-/)
    expect(supervisor.status()).toMatchObject({ state: 'running', restarts: 1 })
    await until(() => supervisor.status().workerPids.length === 2)
    expect(supervisor.status().workerPids).toContain(second)
    for (const { socket } of others) expect(socket.destroyed).toBe(false)
    for (const { socket } of others) socket.destroy()
  })

  test('leave one that died while the vault is locked away, as it would have no keys', async () => {
    let isHeld = false
    await create({ keepsSnapshot: () => isHeld }).start()
    isHeld = true
    process.kill(supervisor.status().workerPids[0] ?? 0, 'SIGKILL')
    await until(() => supervisor.status().restarts === 1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(supervisor.status().workerPids).toHaveLength(1)
    expect(new Set(await askAll(askWorker)).size).toBe(1)
    isHeld = false
    await supervisor.apply()
    expect(supervisor.status().workerPids).toHaveLength(2)
    await until(() => supervisor.status().inEffect === version)
  })

  test('do not share a port with a program that shares it too', async () => {
    const other = createServer().listen({ host: '127.0.0.1', port: 0, reusePort: true })
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const starting = create({ listen: { addresses: ['127.0.0.1'], httpsPort: port, httpPort: 0 } }).start()
    await expect(starting).rejects.toMatchObject({ code: 'edge.port_taken', data: { port } })
    other.close()
  })
})

test('reports a system that cannot share a port', async () => {
  const starting = create({ workerEntry: file('../../../support/edge/workers/unsharing-worker.ts') }).start()
  await expect(starting).rejects.toMatchObject({ code: 'edge.workers_unsupported' })
})

test('a worker that does not have what a change is made for is given all of it, and changes after that', async () => {
  await create({ workers: 1, workerEntry: file('../../../support/edge/workers/forgetful-worker.ts') }).start()
  expect(supervisor.status().inEffect).toBe(version)
  await supervisor.apply()
  expect(supervisor.status().inEffect).toBe(version)
  const said = logs.filter((line) => /whole one|change/.test(line))
  expect(said).toEqual(['info a whole one', 'info a whole one', 'info a change'])
})

test('a worker that an exception ends counts as a fault, one that others end does not', async () => {
  await create({ workers: 1, workerEntry: file('../../../support/edge/workers/throwing-worker.ts') }).start()
  void supervisor.observe('facts')
  // The next worker must not get this setting.
  void supervisor.observe('nothing')
  await until(() => supervisor.status().restarts === 1)
  expect(supervisor.status().faults).toBe(1)
  expect(logs).toContain('error Edge worker exited unexpectedly')
  await until(() => supervisor.status().workerPids.length === 1)
  process.kill(supervisor.status().workerPids[0] ?? 0, 'SIGKILL')
  await until(() => supervisor.status().restarts === 2)
  expect(supervisor.status().faults).toBe(1)
})

describe(
  'as many workers as the traffic needs',
  process.platform === 'linux'
    ? unless(availableParallelism() > 1 ? null : 'this computer has one processor')
    : linuxOnly,
  () => {
    test('one at first, one more while all are busy, and one again at rest, without a failed request', async () => {
      let vaultFolder = busyFolder
      await create({
        workers: 'auto',
        restSeconds: 3,
        workerEntry: await bundledProgram('edge/workers/busy-worker.ts'),
        source: sourceOf(() => ({ ...snapshot(), vaultFolder })),
      }).start()
      expect(supervisor.status().workerPids).toHaveLength(1)
      let isAsked = true
      const failed: string[] = []
      const ask = async (): Promise<void> => {
        while (isAsked) {
          const answer = await exchangeBytes(await connect(), request('/'))
          if (!answer.startsWith('HTTP/1.1 200 ')) failed.push(answer)
        }
      }
      const asking = ask()
      await expect.poll(() => supervisor.status().workerPids.length, { timeout: 60_000 }).toBe(2)
      await expect.poll(async () => new Set(await askAll(askWorker, 10)).size, { timeout: 60_000 }).toBe(2)
      vaultFolder = '/nowhere'
      await supervisor.apply()
      await expect.poll(() => supervisor.status().workerPids.length, { timeout: 60_000 }).toBe(1)
      isAsked = false
      await asking
      expect(failed).toEqual([])
      expect(await askWorker()).toMatch(/^edgekeep-/)
      expect(supervisor.status()).toMatchObject({ restarts: 0, faults: 0 })
    }, 200_000)
  },
)
