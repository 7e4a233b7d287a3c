import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Server } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Route, Snapshot } from '../../../../src/edge/protocol/snapshot.ts'
import { Supervisor } from '../../../../src/edge/supervisor/supervisor.ts'
import type { SupervisorOptions } from '../../../../src/edge/supervisor/supervisor-options.ts'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../../../support/pki/certificates.ts'
import { servingCertificates, exchangeBytes, routeTo } from '../../../support/edge/edge.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'
import { workerEntry } from '../../../support/edge/built-worker.ts'
import { sourceOf } from '../../../support/edge/snapshot-source.ts'
import { freePort } from '../../../support/free-port.ts'
import { posixOnly } from '../../../support/needs.ts'

/** Answers like a worker on a system that reserves low ports for root, who runs these tests in CI. */
const slowWorker = fileURLToPath(new URL('../../../support/edge/workers/slow-worker.ts', import.meta.url))
const forbiddenWorker = fileURLToPath(
  new URL('../../../support/edge/workers/forbidden-worker.ts', import.meta.url),
)
const authority = createTestAuthority()

describe('the supervisor and its worker', () => {
  let origin: TestOrigin
  let leaf: TestLeaf
  let version = 0
  let builds: Snapshot[] = []
  let logs: string[] = []
  let supervisor: Supervisor | null = null
  let blockers: Server[] = []
  let route: Partial<Route> = {}
  let more: Snapshot['certificates'] = {}
  let isBroken = false
  const slowArrived = Promise.withResolvers<void>()

  beforeAll(async () => {
    leaf = issueTestLeaf(authority, { names: ['shop.test'] })
    origin = await startOrigin((request, response) => {
      if (request.url === '/slow') {
        slowArrived.resolve()
        void setTimeout(300).then(() => response.end('slow'))
      } else response.end(`v${version}`)
    })
    return () => origin.close()
  })
  afterEach(async () => {
    await supervisor?.close()
    for (const blocker of blockers) blocker.close()
    supervisor = null
    blockers = []
    builds = []
    logs = []
    route = {}
    more = {}
  })

  function create(options: Partial<SupervisorOptions> = {}): Supervisor {
    const log = (level: string) => (fields: object, message: string) =>
      void logs.push(`${level} ${message} ${JSON.stringify(fields)}`)
    supervisor = new Supervisor({
      workerEntry,
      listen: { addresses: ['127.0.0.1', '::1'], httpsPort: 0, httpPort: 0 },
      portTaken: 'fail',
      source: sourceOf(() => {
        if (isBroken) throw new Error('the vault is away')
        const status = supervisor?.status()
        const snapshot: Snapshot = {
          version: (version += 1),
          routes: [routeTo(origin.port, route)],
          certificates: { ...servingCertificates({ shop: leaf }), ...more },
          publicPorts: { https: status?.https?.port ?? 443, http: status?.http?.port ?? 80 },
          extraOriginAnchors: [],
          vaultFolder: '/nowhere',
          staples: {},
        }
        builds.push(snapshot)
        return snapshot
      }),
      log: { info: log('info'), warn: log('warn'), error: log('error') },
      changed() {},
      ...options,
    })
    return supervisor
  }

  const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n`
  async function getOverTls(path = '/'): Promise<string> {
    const port = supervisor?.status().https?.port ?? 0
    const socket = connectTls({
      host: '127.0.0.1',
      port,
      servername: 'shop.test',
      ca: authority.certificatePem,
    })
    socket.on('error', () => {})
    return exchangeBytes(socket, request(path))
  }
  async function block(port = 0, host = '127.0.0.1'): Promise<number> {
    const server = createServer()
    blockers.push(server)
    server.listen(port, host)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const until = async (holds: () => boolean, withinMs = 20_000) => {
    const endAt = Date.now() + withinMs
    while (!holds()) {
      if (Date.now() > endAt) throw new Error(`still not so; the log has: ${logs.join('\n')}`)
      await setTimeout(5)
    }
  }

  test('serves from a process of its own, reports that, and ends with it', async () => {
    const edge = create()
    await edge.start()
    const { state, https, http, workerPids, inEffect } = edge.status()
    const [workerPid] = workerPids
    expect(state).toBe('running')
    expect(inEffect).toBe(version)
    expect(https?.addresses).toContain('127.0.0.1')
    expect(http?.port).not.toBe(https?.port)
    expect(workerPid).not.toBe(process.pid)
    expect(await getOverTls()).toContain(`v${version}`)
    await edge.close()
    expect(edge.status()).toMatchObject({ state: 'stopped', workerPids: [], inEffect: null })
    expect(() => process.kill(workerPid ?? 0, 0)).toThrow('ESRCH')
  })

  test('waits for a worker that comes up late, as on a busy machine', { timeout: 60_000 }, async () => {
    const edge = create({ workerEntry: slowWorker })
    await edge.start()
    expect(edge.status()).toMatchObject({ state: 'running', restarts: 0, faults: 0 })
    expect(await getOverTls()).toContain(`v${version}`)
  })

  test('says that a port needs rights this user does not have', async () => {
    const edge = create({ workerEntry: forbiddenWorker })
    const starting = edge.start()
    await expect(starting).rejects.toMatchObject({ code: 'edge.port_forbidden', data: { port: 443 } })
  })

  test('listens on both addresses with the same port', async () => {
    const edge = create()
    await edge.start()
    const { https } = edge.status()
    for (const host of https?.addresses ?? []) {
      const socket = connect(https?.port ?? 0, host)
      await once(socket, 'connect')
      socket.destroy()
    }
  })

  test('acknowledges each change with its version', async () => {
    const edge = create()
    await edge.start()
    route = { redirect: { mode: 'http', code: 307 } }
    expect(await edge.apply()).toBe(version)
    const answer = await getOverTls('/x?y')
    expect(answer).toMatch(/^HTTP\/1\.1 307 /)
    expect(answer).toContain(`location: http://shop.test:${edge.status().http?.port}/x?y\r\n`)
  })

  test('sends changes that come at once as one', async () => {
    const edge = create()
    await edge.start()
    const before = builds.length
    const versions = await Promise.all(Array.from({ length: 20 }, () => edge.apply()))
    expect(builds.length - before).toBeLessThanOrEqual(2)
    expect(versions.at(-1)).toBe(version)
  })

  test('zeroes its copy of every key', async () => {
    const edge = create()
    await edge.start()
    await edge.apply()
    expect(builds.length).toBeGreaterThan(1)
    for (const { certificates } of builds)
      expect(certificates['shop']?.leafKeyPem.every((byte) => byte === 0)).toBe(true)
  })

  test('keeps key bytes out of logs, status, arguments and environment', async () => {
    const edge = create()
    await edge.start()
    process.kill(edge.status().workerPids[0] ?? 0, 'SIGKILL')
    await until(() => edge.status().restarts === 1 && edge.status().state === 'running')
    const secret = leaf.keyPem.split('\n')[1] ?? ''
    expect(secret.length).toBeGreaterThan(30)
    expect(logs.join() + JSON.stringify(edge.status())).not.toContain(secret)
    if (process.platform !== 'linux') return
    const [pid] = edge.status().workerPids
    const seen = execFileSync('cat', [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]).toString('latin1')
    expect(seen).not.toContain(secret)
    expect(seen).not.toContain('npm_')
  })

  test('is back soon after a SIGKILL, on the same ports and with the last configuration', async () => {
    const edge = create()
    const bootedAt = Date.now()
    await edge.start()
    // Scales with the first start: a busy machine starts processes slowly.
    const allowedMs = Math.max(5_000, 4 * (Date.now() - bootedAt))
    route = { redirect: { mode: 'http', code: 302 } }
    await edge.apply()
    const { https, workerPids } = edge.status()
    const [workerPid] = workerPids
    const startedAt = Date.now()
    process.kill(workerPid ?? 0, 'SIGKILL')
    let answer = ''
    while (!answer.startsWith('HTTP/1.1 302')) {
      answer = await getOverTls().catch(() => '')
      if (Date.now() - startedAt > 20_000) break
    }
    expect(Date.now() - startedAt).toBeLessThan(allowedMs)
    await until(() => edge.status().state === 'running')
    expect(edge.status()).toMatchObject({ restarts: 1, https: { port: https?.port }, inEffect: version })
    expect(edge.status().workerPids).not.toContain(workerPid)
  })

  test('comes back after every one of several deaths', async () => {
    const edge = create()
    await edge.start()
    for (let death = 1; death <= 3; death += 1) {
      const [pid] = edge.status().workerPids
      process.kill(pid ?? 0, 'SIGKILL')
      // On a busy machine another program may have an ephemeral port for a moment: that start fails, and counts.
      await until(() => edge.status().state === 'running' && edge.status().workerPids[0] !== pid, 60_000)
    }
    expect(edge.status().restarts).toBeGreaterThanOrEqual(3)
    expect(await getOverTls()).toContain('200 OK')
  })

  test('ends a worker that is stuck, and starts another', posixOnly, async () => {
    const edge = create()
    await edge.start()
    const [workerPid] = edge.status().workerPids
    process.kill(workerPid ?? 0, 'SIGSTOP')
    await until(() => edge.status().restarts === 1 && edge.status().state === 'running', 15_000)
    expect(edge.status().workerPids).not.toContain(workerPid)
    expect(logs.join()).toContain('unresponsive')
    expect(await getOverTls()).toContain('200 OK')
  })

  test('answers null to a change while the worker is down, and takes it up when it is back', async () => {
    const edge = create()
    await edge.start()
    process.kill(edge.status().workerPids[0] ?? 0, 'SIGKILL')
    await until(() => edge.status().workerPids.length === 0 || edge.status().restarts === 1)
    route = { redirect: { mode: 'http', code: 308 } }
    await edge.apply()
    await until(() => edge.status().state === 'running')
    expect(await getOverTls()).toMatch(/^HTTP\/1\.1 308 /)
  })

  test('lets an exchange finish when it closes', async () => {
    const edge = create()
    await edge.start()
    const answer = getOverTls('/slow')
    await slowArrived.promise
    await edge.close()
    expect(await answer).toContain('slow')
  })

  test('keeps serving its certificate when a new one is unusable, and reports that', async () => {
    const edge = create()
    await edge.start()
    const good = leaf
    leaf = { ...good, chainPem: '-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n' }
    const before = edge.status().inEffect
    expect(await edge.apply()).toBe(before)
    expect(edge.status().problem?.code).toBe('edge.not_applied')
    expect(await getOverTls()).toContain('200 OK')
    leaf = good
    expect(await edge.apply()).toBe(version)
    expect(edge.status().problem).toBeNull()
  })

  test('serves the others when a certificate cannot be used at a start', async () => {
    const { keyPem } = issueTestLeaf(authority, { names: ['bad.test'] })
    more = servingCertificates({ bad: { ...leaf, keyPem } })
    const edge = create()
    await edge.start()
    expect(logs.join()).toContain('A certificate cannot be served')
    expect(await getOverTls()).toContain('200 OK')
  })

  test('tries again when there was no configuration to start with', async () => {
    const edge = create()
    await edge.start()
    isBroken = true
    process.kill(edge.status().workerPids[0] ?? 0, 'SIGKILL')
    await until(() => logs.join().includes('Edge worker not started'))
    isBroken = false
    await until(() => edge.status().state === 'running')
    expect(await getOverTls()).toContain('200 OK')
  })

  test('names who has a port, and the next free one, and leaves nothing running', async () => {
    const port = await block()
    const edge = create({ listen: { addresses: ['127.0.0.1', '::1'], httpsPort: port, httpPort: 0 } })
    const failure = await edge.start().catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'edge.port_taken', data: { port } })
    const { data } = failure as { data: { owner?: string; nextFreePort?: number } }
    if (process.platform === 'linux') expect(data.owner).toContain(`(process ${process.pid})`)
    expect(data.nextFreePort).toBeGreaterThan(port)
    expect(edge.status()).toMatchObject({ state: 'stopped', workerPids: [] })
  })

  test('takes the next free port on request', async () => {
    const port = await block()
    const edge = create({
      listen: { addresses: ['127.0.0.1'], httpsPort: port, httpPort: 0 },
      portTaken: 'next',
    })
    await edge.start()
    const { https } = edge.status()
    expect(https?.wantedPort).toBe(port)
    expect(https?.port).toBeGreaterThan(port)
    if (process.platform === 'linux') expect(https?.takenBy).toContain(`(process ${process.pid})`)
    expect(await getOverTls()).toContain('200 OK')
  })

  test('waits for a worker of a crashed engine that still has the port', async () => {
    const port = await block()
    const [blocker] = blockers
    const former = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: 'pipe' })
    former.once('exit', () => blocker?.close())
    const listen = { addresses: ['127.0.0.1'], httpsPort: port, httpPort: 0 }
    const edge = create({ listen, portTaken: 'next', formerWorkers: [former.pid ?? 0] })
    const started = edge.start()
    await until(() => edge.status().workerPids.length === 1)
    await setTimeout(500)
    expect(edge.status().https).toBeNull()
    former.stdin.end()
    await started
    expect(edge.status().https).toMatchObject({ port, wantedPort: port, takenBy: null })
  })

  test('begins on the ports before a crash, and moves to the wanted ones when they are free', async () => {
    const port = await block()
    const inForce = { httpsPort: await freePort(), httpPort: await freePort() }
    const listen = { addresses: ['127.0.0.1'], httpsPort: port, httpPort: inForce.httpPort }
    const edge = create({ listen, portTaken: 'next', inForce })
    await edge.start()
    expect(edge.status().https).toMatchObject({ port: inForce.httpsPort, wantedPort: port })
    if (process.platform === 'linux')
      expect(edge.status().https?.takenBy).toContain(`(process ${process.pid})`)
    await expect(edge.moveToWanted()).rejects.toMatchObject({ code: 'edge.port_taken', data: { port } })
    expect(edge.status().https).toMatchObject({ port: inForce.httpsPort, wantedPort: port })
    blockers.pop()?.close()
    await edge.lookAtWanted()
    expect(edge.status().https).toMatchObject({ wantedPort: port, isTaken: false, takenBy: null })
    await edge.moveToWanted()
    expect(edge.status().https).toMatchObject({ port, wantedPort: port, takenBy: null })
    expect(await getOverTls()).toContain('200 OK')
  })

  test('sees a port that is taken on one of its addresses only', async () => {
    const port = await block(0, '::1').catch(() => null)
    if (port === null) return
    const edge = create({ listen: { addresses: ['127.0.0.1', '::1'], httpsPort: 0, httpPort: port } })
    await expect(edge.start()).rejects.toMatchObject({ code: 'edge.port_taken', data: { port } })
  })

  test('leaves out an address that the machine does not have', async () => {
    const edge = create({ listen: { addresses: ['127.0.0.1', '2001:db8::1'], httpsPort: 0, httpPort: 0 } })
    await edge.start()
    expect(edge.status().https?.addresses).toEqual(['127.0.0.1'])
  })
})
