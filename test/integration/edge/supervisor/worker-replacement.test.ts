import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { Agent, request as requestHttps } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Supervisor } from '../../../../src/edge/supervisor/supervisor.ts'
import { workerEntry as builtWorker } from '../../../support/edge/built-worker.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { exchangeBytes, routeTo, servingCertificates } from '../../../support/edge/edge.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'
import { sourceOf } from '../../../support/edge/snapshot-source.ts'
import type { KeysLeaving } from '../../../../src/edge/supervisor/editions.ts'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const authority = createTestAuthority()
const leaf = issueTestLeaf(authority, { names: ['shop.test'] })

let origin: TestOrigin
/** The numbers of requests on kept connections that the origin was asked. */
const taken = new Set<string>()
let supervisor: Supervisor
let logs: string[]
let version: number
let leaving: KeysLeaving | null

beforeAll(async () => {
  origin = await startOrigin((request, response) => {
    taken.add(String(request.headers['x-number']))
    if (request.url === '/') return void response.end('whole')
    let left = request.url === '/stream' ? 40 : Infinity
    const timer = setInterval(() => {
      left -= 1
      response.write('piece ')
      if (left === 0) response.end('end')
    }, 50)
    response.on('close', () => clearInterval(timer))
  })
})
afterAll(() => origin.close())
beforeEach(() => {
  logs = []
  version = 0
  leaving = null
})
afterEach(() => supervisor.close())

async function start(workers: number, workerEntry = builtWorker): Promise<void> {
  const log = (level: string) => (_fields: object, message: string) => void logs.push(`${level} ${message}`)
  supervisor = new Supervisor({
    workerEntry,
    workers,
    listen: { addresses: ['127.0.0.1'], httpsPort: 0, httpPort: 0 },
    portTaken: 'fail',
    source: sourceOf(
      () => ({
        version: (version += 1),
        routes: [routeTo(origin.port)],
        certificates: servingCertificates({ shop: leaf }),
        publicPorts: { https: 443, http: 80 },
        extraOriginAnchors: [],
        vaultFolder: '/nowhere',
        staples: {},
      }),
      () => {
        const now = leaving
        leaving = null
        return now
      },
    ),
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    changed() {},
  })
  await supervisor.start()
}

const ports = () => ({
  https: supervisor.status().https?.port ?? 0,
  http: supervisor.status().http?.port ?? 0,
})

async function exchange(why: KeysLeaving = 'erased'): Promise<void> {
  leaving = why
  await supervisor.apply()
  await supervisor.erased()
}

async function secure(): Promise<TLSSocket> {
  const ca = authority.certificatePem
  const socket = connectTls({ host: '127.0.0.1', port: ports().https, servername: 'shop.test', ca })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  return socket
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const gone = (pids: number[]) => expect.poll(() => pids.filter(isThere), { timeout: 20_000 }).toEqual([])

/** Clients of each protocol that send requests without a pause. */
class Load {
  asked = 0
  readonly failures: string[] = []
  #isOn = true
  #number = 0
  readonly #clients: Promise<void>[]

  constructor() {
    const agent = new Agent({ keepAlive: true })
    this.#clients = [
      this.#client('new TLS connections', () => this.#onNewTls()),
      this.#client('new plain connections', () => this.#onNewPlain()),
      this.#client('kept connections', () => this.#onKept(agent)),
      this.#client('more kept connections', () => this.#onKept(agent)),
      this.#client('HTTP/2', () => this.#onHttp2()),
    ]
  }

  async end(): Promise<void> {
    this.#isOn = false
    await Promise.all(this.#clients)
  }

  async #client(name: string, ask: () => Promise<string>): Promise<void> {
    while (this.#isOn) {
      this.asked += 1
      const answer = await ask().catch((error: unknown) => `${name}: ${String(error)}`)
      if (!answer.includes('whole')) this.failures.push(`${name}: ${answer}`)
    }
  }

  async #onNewTls(): Promise<string> {
    return exchangeBytes(await secure(), closing)
  }

  async #onNewPlain(): Promise<string> {
    const socket: Socket = connectTcp(ports().http, '127.0.0.1')
    await once(socket, 'connect')
    return exchangeBytes(socket, closing)
  }

  /**
   * A kept connection may be closed just as the next request is sent on it, where the client was slow to send
   * it, and a client then asks again (RFC 9112, section 9.3.1). One that was taken has to be answered.
   */
  async #onKept(agent: Agent): Promise<string> {
    const number = String((this.#number += 1))
    const kept: { reused: boolean } = { reused: false }
    try {
      return await this.#askOn(agent, number, kept)
    } catch (error) {
      if (!kept.reused || taken.has(number)) throw error
      return this.#askOn(new Agent(), number, kept)
    }
  }

  #askOn(agent: Agent, number: string, kept: { reused: boolean }): Promise<string> {
    return new Promise((resolve, reject) => {
      const ca = authority.certificatePem
      const options = { agent, host: '127.0.0.1', port: ports().https, servername: 'shop.test', ca }
      const headers = { host: 'shop.test', 'x-number': number }
      const request = requestHttps({ ...options, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (more: string) => (text += more))
        response.on('end', () => resolve(text)).on('error', reject)
      })
      request
        .on('error', (error) => {
          kept.reused = request.reusedSocket
          reject(error)
        })
        .end()
    })
  }

  async #onHttp2(): Promise<string> {
    const ca = authority.certificatePem
    const session = connectHttp2(`https://127.0.0.1:${ports().https}`, { servername: 'shop.test', ca })
    try {
      return await new Promise<string>((resolve, reject) => {
        session.on('error', reject)
        const stream = session.request({ ':path': '/', ':authority': 'shop.test' })
        let text = ''
        stream.setEncoding('utf8').on('data', (more: string) => (text += more))
        stream.on('end', () => resolve(text)).on('error', reject)
      })
    } finally {
      session.close()
    }
  }
}

const closing = 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'

describe.each(process.platform === 'linux' ? [1, 2] : [1])('with %i workers', (workers) => {
  test('no request fails while workers are replaced under load', async () => {
    await start(workers)
    const before = ports()
    const first = supervisor.status().workerPids
    const load = new Load()
    await delay(200)
    for (let round = 0; round < 3; round += 1) await exchange()
    await gone(first)
    await load.end()
    expect(load.failures).toEqual([])
    expect(load.asked).toBeGreaterThan(50)
    expect(ports()).toEqual(before)
    expect(supervisor.status().workerPids).toHaveLength(workers)
    expect(supervisor.status().restarts).toBe(0)
  })
})

test('a stream that is under way runs to its end in the worker that was replaced', async () => {
  await start(1)
  const [first = 0] = supervisor.status().workerPids
  const socket = await secure()
  const streamed = exchangeBytes(socket, closing.replace('/ ', '/stream '))
  await delay(100)
  await exchange()
  expect(supervisor.status().workerPids).not.toContain(first)
  expect(isThere(first)).toBe(true)
  expect(await streamed).toContain('end')
  await gone([first])
})

test('an endless stream is cut off after the time that a lock leaves it, and the worker ends', async () => {
  await start(1)
  const [first = 0] = supervisor.status().workerPids
  const socket = await secure()
  socket.write(closing.replace('/ ', '/endless '))
  await once(socket, 'data')
  await exchange('locked')
  expect(isThere(first)).toBe(true)
  await Promise.all([once(socket.resume(), 'close'), gone([first])])
})

test('erasures in a row make one worker more than there are slots, and the last one of them is served', async () => {
  await start(1)
  const socket = await secure()
  socket.write(closing.replace('/ ', '/endless '))
  await once(socket, 'data')
  const seen = new Set(supervisor.status().workerPids)
  for (let round = 0; round < 5; round += 1) {
    leaving = 'erased'
    await supervisor.apply()
  }
  await expect.poll(() => supervisor.status().workerPids.some((pid) => seen.has(pid))).toBe(false)
  for (const pid of supervisor.status().workerPids) seen.add(pid)
  expect(seen.size).toBe(2)
  const [second] = supervisor.status().workerPids
  socket.destroy()
  await expect.poll(() => supervisor.status().workerPids[0] === second).toBe(false)
})

test('a worker that cannot be replaced is ended and started anew', async () => {
  await start(1, file('../../../support/edge/workers/clinging-worker.ts'))
  const [first = 0] = supervisor.status().workerPids
  await exchange()
  await gone([first])
  await expect.poll(() => supervisor.status().inEffect === version).toBe(true)
  expect(logs).toContain('error Edge worker replacement failed, terminating it')
  expect(supervisor.status().restarts).toBe(1)
})
