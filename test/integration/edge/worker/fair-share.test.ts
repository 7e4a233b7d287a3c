import { setTimeout as pause } from 'node:timers/promises'
import { once } from 'node:events'
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type ClientHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Limits } from '../../../../src/edge/worker/limits/limits.ts'
import {
  connectPlain,
  exchangeBytes,
  routeTo,
  startTestEdge,
  type TestEdge,
} from '../../../support/edge/edge.ts'
import { startOrigin } from '../../../support/edge/origin.ts'

const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n`

describe('an origin with a greedy client', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  async function startEdge(port: number, limits: Partial<Limits>, origin = {}): Promise<TestEdge> {
    const edge = await startTestEdge([routeTo(port, { origin })], { limits })
    closers.push(() => edge.close())
    return edge
  }

  /** Origin that answers `/held` on the test's order, and anything else at once. */
  async function startHolding(): Promise<{ port: number; held: ServerResponse[]; order: string[] }> {
    const held: ServerResponse[] = []
    const order: string[] = []
    const origin = await startOrigin((incoming, response) => {
      order.push(incoming.url ?? '')
      if (incoming.url === '/held') held.push(response)
      else response.end('served')
    })
    closers.push(() => origin.close())
    return { port: origin.port, held, order }
  }

  /** The same over HTTP/2, with as many streams as servers usually allow. */
  async function startHoldingHttp2(): Promise<{ port: number }> {
    const server = createHttp2Server({ settings: { maxConcurrentStreams: 100 } })
    server.on('sessionError', () => {})
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {})
      if (headers[':path'] === '/held') return
      stream.respond({ ':status': 200 })
      stream.end('served')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(() => void server.close())
    return { port: (server.address() as AddressInfo).port }
  }

  async function client(edge: TestEdge): Promise<ClientHttp2Session> {
    const socket = await edge.connect({ ALPNProtocols: ['h2'] })
    const session = connectHttp2('https://shop.test', {
      createConnection: () => socket,
    })
    session.on('error', () => {})
    await once(session, 'remoteSettings')
    closers.push(() => session.destroy())
    return session
  }

  /** Requests with bodies that never end, so each keeps its slot. */
  function holdWithBodies(session: ClientHttp2Session, count: number): void {
    for (let at = 0; at < count; at += 1) {
      const stream = session.request({ ':method': 'POST', ':path': '/held' })
      stream.on('error', () => {})
      stream.write('x')
    }
  }

  test('over HTTP/1.1 keeps room for others while connections full of unfinished bodies hold it', async () => {
    const { port, held } = await startHolding()
    const edge = await startEdge(port, { connectionsPerOrigin: 32 })
    for (let at = 0; at < 4; at += 1) holdWithBodies(await client(edge), 32)
    await expect.poll(() => held.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(16)
    const answers = await Promise.all(
      [1, 2, 3].map(async () => exchangeBytes(await connectPlain(edge.http), request('/now'), 20_000)),
    )
    expect(answers.map((answer) => answer.slice(0, 12))).toEqual(Array(3).fill('HTTP/1.1 200'))
    expect(held.length).toBeLessThan(32)
  })

  test('over HTTP/2 does the same with its streams', async () => {
    const held: ServerHttp2Stream[] = []
    const server = createHttp2Server({ settings: { maxConcurrentStreams: 16 } })
    server.on('sessionError', () => {})
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {})
      if (headers[':path'] === '/held') return void held.push(stream)
      stream.respond({ ':status': 200 })
      stream.end('served')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(() => void server.close())
    const { port } = server.address() as AddressInfo
    const edge = await startEdge(port, { sessionsPerOrigin: 2 }, { protocol: 'h2c' })
    for (let at = 0; at < 4; at += 1) holdWithBodies(await client(edge), 32)
    await expect.poll(() => held.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(16)
    const answer = await exchangeBytes(await connectPlain(edge.http), request('/now'), 20_000)
    expect(answer).toContain('served')
    expect(held.length).toBeLessThan(32)
  })

  test('takes the next request from the client with the fewest, not from the first to come', async () => {
    const { port, held, order } = await startHolding()
    const edge = await startEdge(port, { connectionsPerOrigin: 1 })
    const greedy = await client(edge)
    for (let at = 0; at < 20; at += 1) greedy.request({ ':path': '/held' }).on('error', () => {})
    await expect.poll(() => held.length, { timeout: 20_000 }).toBe(1)
    const modest = await client(edge)
    const answered = once(modest.request({ ':path': '/modest' }), 'response')
    // The answer to a PING shows that the request before it has been read.
    await new Promise<void>((resolve) => modest.ping(() => resolve()))
    // One after the other, as they come; the queue of the other has nineteen.
    while (!order.includes('/modest')) {
      await expect
        .poll(() => held.length + Number(order.includes('/modest')), { timeout: 20_000 })
        .toBeGreaterThan(0)
      held.shift()?.end()
    }
    await answered
    expect(order.indexOf('/modest')).toBeLessThanOrEqual(2)
  })

  test('has a place in its queue for others when one client has filled its own', async () => {
    const { port, held } = await startHolding()
    const edge = await startEdge(port, { connectionsPerOrigin: 1, waitingPerOrigin: 16 })
    const greedy = await client(edge)
    const statuses: number[] = []
    for (let at = 0; at < 60; at += 1) {
      const stream = greedy.request({ ':path': '/held' })
      stream.on('error', () => {})
      stream.on('response', (headers) => statuses.push(Number(headers[':status'])))
    }
    await expect
      .poll(() => statuses.filter((status) => status === 503).length, { timeout: 20_000 })
      .toBeGreaterThan(40)
    const answered = exchangeBytes(await connectPlain(edge.http), request('/modest'), 20_000)
    const timer = setInterval(() => held.shift()?.end(), 5)
    expect(await answered).toContain('served')
    clearInterval(timer)
  })

  test('gives a newcomer the place of the newest request of the client with the most, if its queue is full', async () => {
    const { port, held, order } = await startHolding()
    const edge = await startEdge(port, { connectionsPerOrigin: 1, waitingPerOrigin: 3 })
    const statuses: number[] = []
    const ask = (session: ClientHttp2Session, path: string) =>
      session
        .request({ ':path': path })
        .on('error', () => {})
        .on('response', (headers) => statuses.push(Number(headers[':status'])))
    const sessions: ClientHttp2Session[] = []
    // One holds the origin and one place of the queue, the others a place each.
    for (const count of [2, 1, 1]) {
      const session = await client(edge)
      sessions.push(session)
      for (let at = 0; at < count; at += 1) ask(session, '/held')
      await new Promise<void>((resolve) => session.ping(() => resolve()))
    }
    await expect.poll(() => held.length, { timeout: 20_000 }).toBe(1)
    const newcomer = await client(edge)
    ask(newcomer, '/modest')
    await expect.poll(() => statuses, { timeout: 20_000 }).toEqual([503])
    const timer = setInterval(() => held.shift()?.end(), 5)
    await expect.poll(() => order.includes('/modest'), { timeout: 20_000 }).toBe(true)
    await expect.poll(() => statuses.length, { timeout: 20_000 }).toBe(5)
    clearInterval(timer)
    expect(statuses.filter((status) => status === 200)).toHaveLength(4)
  })

  test.each([
    [20, 'http'],
    [60, 'http'],
    [20, 'h2c'],
    [60, 'h2c'],
  ] as const)(
    'answers a newcomer while one program has %i connections of 100 unanswered requests each to an origin of %s',
    async (connections, protocol) => {
      const { port } = await (protocol === 'http' ? startHolding() : startHoldingHttp2())
      const edge = await startEdge(port, {}, { protocol })
      let sent = 0
      for (let at = 0; at < connections; at += 1) {
        const session = await client(edge)
        for (let stream = 0; stream < 100; stream += 1)
          session.request({ ':path': '/held' }).on('error', () => {})
        // The answer to a PING shows that the requests before it have been read.
        await new Promise<void>((resolve) => session.ping(() => resolve()))
        sent += 100
      }
      expect(sent).toBe(100 * connections)
      for (let time = 0; time < 3; time += 1)
        expect(await exchangeBytes(await connectPlain(edge.http), request('/now'), 20_000)).toContain(
          'served',
        )
    },
  )

  test('lets a browser with six connections and a tool with sixty-four go on: what finds no room waits', async () => {
    let open = 0
    let most = 0
    const isFull = Promise.withResolvers<void>()
    const origin = await startOrigin((_incoming, response) => {
      most = Math.max(most, (open += 1))
      if (open === 16) isFull.resolve()
      // One more than may be would have come by the time that they end.
      void isFull.promise
        .then(() => pause(10))
        .then(() => {
          open -= 1
          response.end('served')
        })
    })
    closers.push(() => origin.close())
    const edge = await startEdge(origin.port, { connectionsPerOrigin: 16, waitingPerOrigin: 128 })
    const answers = await Promise.all(
      Array.from({ length: 64 }, async () =>
        exchangeBytes(await connectPlain(edge.http), request('/'), 30_000),
      ),
    )
    expect(answers.filter((answer) => answer.includes('served'))).toHaveLength(64)
    expect(most).toBe(16)
  })
})
