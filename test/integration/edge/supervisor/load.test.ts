import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Supervisor } from '../../../../src/edge/supervisor/supervisor.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { readUntil, routeTo, servingCertificates } from '../../../support/edge/edge.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'
import { workerEntry } from '../../../support/edge/built-worker.ts'
import { sourceOf } from '../../../support/edge/snapshot-source.ts'
import { linuxOnly } from '../../../support/needs.ts'
import { holdingOf } from '../../../support/edge/soak/processes.ts'
import { startEdgeWithOrigin } from '../../../support/edge/edge-with-origin.ts'

const authority = createTestAuthority()
const leaves = [1, 2].map(() => issueTestLeaf(authority, { names: ['shop.test'] }))
const body = 'x'.repeat(20_000)

describe('the edge under load', () => {
  let origin: TestOrigin
  let supervisor: Supervisor
  let turn = 0

  beforeAll(async () => {
    origin = await startOrigin((request, response) => {
      if (request.method === 'PUT') request.pipe(response)
      else response.end(body)
    })
  })
  afterAll(() => origin.close())
  afterEach(() => supervisor.close())

  async function start(): Promise<void> {
    supervisor = new Supervisor({
      workerEntry,
      listen: { addresses: ['127.0.0.1'], httpsPort: 0, httpPort: 0 },
      portTaken: 'fail',
      source: sourceOf(() => ({
        version: (turn += 1),
        routes: [routeTo(origin.port)],
        certificates: servingCertificates({ shop: leaves[turn % 2]! }),
        publicPorts: { https: 443, http: 80 },
        extraOriginAnchors: [],
        vaultFolder: '/nowhere',
        staples: {},
      })),
      log: { info() {}, warn() {}, error() {} },
      changed() {},
    })
    await supervisor.start()
  }

  /** One whole answer; with no agent on a connection of its own. */
  function get(agent: Agent | false): Promise<{ fingerprint: string }> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        {
          host: '127.0.0.1',
          port: supervisor.status().https?.port,
          servername: 'shop.test',
          headers: { host: 'shop.test' },
          ca: authority.certificatePem,
          agent,
          timeout: 5_000,
        },
        (response) => {
          const socket = response.socket as TLSSocket
          const fingerprint = socket.getPeerX509Certificate()?.fingerprint256 ?? ''
          let length = 0
          response.on('data', (chunk: Buffer) => (length += chunk.length))
          response.on('end', () =>
            response.statusCode === 200 && length === body.length
              ? resolve({ fingerprint })
              : reject(new Error(`status ${response.statusCode}, ${length} bytes`)),
          )
          response.on('error', reject)
        },
      )
      request.on('timeout', () => request.destroy(new Error('no answer within five seconds')))
      request.on('error', reject)
      request.end()
    })
  }

  interface Tally {
    answered: number
    failed: string[]
    fingerprints: Set<string>
    longestMs: number
  }

  /** Eight clients, half of them with a new connection for each request, until `isOver`. */
  async function load(isOver: () => boolean): Promise<Tally> {
    const tally: Tally = { answered: 0, failed: [], fingerprints: new Set(), longestMs: 0 }
    await Promise.all(
      Array.from({ length: 8 }, async (_, at) => {
        const agent = at % 2 === 0 ? new Agent({ keepAlive: true, maxSockets: 1 }) : false
        while (!isOver()) {
          const startedAt = Date.now()
          await get(agent).then(
            ({ fingerprint }) => {
              tally.answered += 1
              // A resumed handshake shows no certificate.
              if (fingerprint !== '') tally.fingerprints.add(fingerprint)
            },
            (error: Error) => tally.failed.push(error.message),
          )
          tally.longestMs = Math.max(tally.longestMs, Date.now() - startedAt)
        }
        if (agent) agent.destroy()
      }),
    )
    return tally
  }

  test('loses no request while certificates are swapped', async () => {
    await start()
    let isOver = false
    const tally = load(() => isOver)
    for (let swap = 0; swap < 25; swap += 1) {
      expect(await supervisor.apply()).toBe(turn)
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    isOver = true
    const { failed, answered, fingerprints } = await tally
    expect(failed).toEqual([])
    expect(answered).toBeGreaterThan(100)
    expect(fingerprints.size).toBe(2)
  })

  test('ends what is in flight when its worker is killed, and serves again at once', async () => {
    await start()
    let isOver = false
    const tally = load(() => isOver)
    await new Promise((resolve) => setTimeout(resolve, 500))
    process.kill(supervisor.status().workerPids[0] ?? 0, 'SIGKILL')
    const endAt = Date.now() + 10_000
    while (supervisor.status().restarts === 0 || supervisor.status().state !== 'running') {
      if (Date.now() > endAt) throw new Error('the edge did not come back')
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
    isOver = true
    const { failed, longestMs } = await tally
    expect(
      failed.filter((message) => !/ECONN|socket hang up|EPIPE|disconnected|aborted/.test(message)),
    ).toEqual([])
    expect(longestMs).toBeLessThan(5_000)
    await get(false)
  })

  test('moves a large body both ways with flat memory', linuxOnly, async () => {
    await start()
    await get(false)
    const workerPid = supervisor.status().workerPids[0]!
    const { mebibytes } = holdingOf(workerPid)
    const large = 512
    const request = httpsRequest({
      host: '127.0.0.1',
      port: supervisor.status().https?.port,
      servername: 'shop.test',
      headers: { host: 'shop.test', 'content-length': large * 1024 * 1024 },
      ca: authority.certificatePem,
      agent: false,
      method: 'PUT',
    })
    const answered = once(request, 'response') as Promise<[IncomingMessage]>
    const block = Buffer.alloc(1024 * 1024, 'x')
    const sent = pipeline(Readable.from(Array.from({ length: large }, () => block)), request)
    const [response] = await answered
    let received = 0
    for await (const chunk of response) received += (chunk as Buffer).length
    await sent
    expect(received).toBe(large * 1024 * 1024)
    expect(supervisor.status().workerPids[0]).toBe(workerPid)
    expect(holdingOf(workerPid).mostMebibytes - mebibytes).toBeLessThan(128)
  })

  test('cuts no response short when it is closed', async () => {
    await start()
    let isOver = false
    const tally = load(() => isOver)
    await new Promise((resolve) => setTimeout(resolve, 500))
    await supervisor.close()
    isOver = true
    const { failed } = await tally
    expect(failed.filter((message) => message.startsWith('status'))).toEqual([])
    expect(failed.filter((message) => /aborted/.test(message))).toEqual([])
  })
})

describe('after a storm', () => {
  test('no connection, upstream or timer is left', async () => {
    const edge = await startEdgeWithOrigin(
      () =>
        startOrigin((request, response) => {
          if (request.url === '/hang') return
          if (request.url === '/slow') return void setTimeout(() => response.end('x'), 30)
          if (request.url === '/cut') return void request.socket.destroy()
          request.pipe(response)
        }),
      { limits: { responseMs: 300, headMs: 300, keepAliveMs: 200, pooledIdleMs: 200 } },
    )
    const client = async (at: number): Promise<void> => {
      const path = ['/', '/hang', '/slow', '/cut'][at % 4]
      const socket = await edge.connect()
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 4\r\n\r\n${at % 3 === 0 ? 'ab' : 'abcd'}`,
      )
      if (at % 5 === 0) return void socket.destroy()
      await readUntil(socket, '\r\n\r\n').catch(() => '')
      socket.destroy()
    }
    for (let round = 0; round < 5; round += 1)
      await Promise.all(Array.from({ length: 40 }, (_, at) => client(at + round)))
    const left = async (): Promise<number> =>
      new Promise((resolve) => edge.origin.server.getConnections((_error, count) => resolve(count)))
    const endAt = Date.now() + 5_000
    while ((await left()) > 0 && Date.now() < endAt) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await left()).toBe(0)
    const drained = edge.edge.drain({ deadlineMs: 1_000, lingerMs: 0 })
    const startedAt = Date.now()
    await drained
    expect(Date.now() - startedAt).toBeLessThan(900)
  })
})
