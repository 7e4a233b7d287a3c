import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect as connectHttp2, type ClientHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { ExchangeFacts, HandshakeFacts } from '../../../../../src/edge/worker/observe/observe.ts'
import {
  connectPlain,
  exchangeBytes,
  KeepingObserver,
  readUntil,
  routeTo,
  startTestEdge,
} from '../../../../support/edge/edge.ts'
import { startOrigin, startRawOrigin } from '../../../../support/edge/origin.ts'
import { waits } from '../../../../support/waits.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

describe('a report of the edge’s work', () => {
  const observer = new KeepingObserver()
  let broken: { port: number; close(): void }
  let sockets: WebSocketServer

  const aside = { certificateId: 'shop' }
  beforeAll(async () => {
    broken = await startRawOrigin((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
    })
    sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(sockets, 'listening')
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
  })
  const edge = edgeWithOrigin(
    () =>
      startOrigin((request, response) => {
        if (request.url === '/slow') return
        request.resume().on('end', () => response.end('x'.repeat(1000)))
      }),
    {
      routes: (port) => [
        routeTo(port),
        routeTo(port, { domain: '*.shop.test', redirect: { mode: 'https', code: 308 } }),
        routeTo(broken.port, { ...aside, domain: 'broken.shop.test' }),
        routeTo(1, { ...aside, domain: 'down.shop.test' }),
        routeTo((sockets.address() as AddressInfo).port, { ...aside, domain: 'live.shop.test' }),
      ],
      observer,
    },
  )
  afterAll(async () => {
    for (const client of sockets.clients) client.terminate()
    sockets.close()
    broken.close()
  })
  beforeEach(async () => {
    observer.exchanges.length = 0
    observer.handshakes.length = 0
  })

  async function told(): Promise<ExchangeFacts> {
    await vi.waitFor(() => expect(observer.exchanges).toHaveLength(1), waits)
    return observer.exchanges[0]!
  }

  async function handshake(): Promise<HandshakeFacts> {
    await vi.waitFor(() => expect(observer.handshakes).toHaveLength(1), waits)
    return observer.handshakes[0]!
  }

  async function openHttp2(servername = 'shop.test') {
    const session = connectHttp2(`https://${servername}:${edge.https}`, {
      createConnection: () =>
        connectTls({
          host: '127.0.0.1',
          port: edge.https,
          servername,
          ca: edge.authority.certificatePem,
          ALPNProtocols: ['h2'],
        }),
    })
    await once(session, 'connect')
    return session
  }

  function refused(servername: string): Promise<void> {
    const socket = connectTls({ host: '127.0.0.1', port: edge.https, servername })
    return new Promise((resolve) => socket.on('error', () => resolve()))
  }

  const closing = 'Host: shop.test\r\nConnection: close\r\n\r\n'

  test('counts every byte of an HTTP/1.1 exchange, and times its steps', async () => {
    const request = `POST /cart?id=7 HTTP/1.1\r\nContent-Length: 5\r\n${closing}hello`
    const answer = await exchangeBytes(await edge.connect(), request)
    const facts = await told()
    expect(facts).toMatchObject({
      domain: 'shop.test',
      method: 'POST',
      target: '/cart?id=7',
      host: 'shop.test',
      status: 200,
      requestHeadBytes: request.length - 5,
      requestBodyBytes: 5,
      responseBodyBytes: 1000,
      outcome: 'complete',
      origin: { host: '127.0.0.1', port: edge.origin.port, tls: null },
    })
    expect(facts.responseHeadBytes + facts.responseBodyBytes).toBe(answer.length)
    expect(facts.connection).toMatchObject({
      secure: true,
      protocol: 'h1',
      serverName: 'shop.test',
      remoteAddress: '127.0.0.1',
      tlsVersion: 'TLSv1.3',
      cipher: expect.stringMatching(/^TLS_/),
      group: 'X25519MLKEM768',
      alpn: 'http/1.1',
      resumed: false,
    })
    const { receivedAt, sentAt, answeredAt, endedAt } = facts
    expect([receivedAt, sentAt, answeredAt, endedAt].toSorted((a, b) => a - b)).toEqual([
      receivedAt,
      sentAt,
      answeredAt,
      endedAt,
    ])
  })

  test('distinguishes a new connection to the origin from a reused one', async () => {
    edge.edge.observe(null)
    const socket = await edge.connect({ servername: 'live.shop.test' })
    socket.write('GET / HTTP/1.1\r\nHost: live.shop.test\r\n\r\n')
    await readUntil(socket, 'Upgrade Required')
    const first = await told()
    expect(first).toMatchObject({ status: 426, reused: false })
    expect(first.opening!.connectedAt).toBeGreaterThanOrEqual(first.opening!.openedAt)
    expect(first.opening!.securedAt).toBe(0)
    socket.destroy()
    const again = await edge.connect()
    for (const at of [2, 3]) {
      again.write('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n')
      await vi.waitFor(() => expect(observer.exchanges).toHaveLength(at), waits)
    }
    again.destroy()
    expect(observer.exchanges[2]).toMatchObject({ reused: true })
    expect(observer.exchanges[1]!.connection).toBe(observer.exchanges[2]!.connection)
  })

  test('counts pipelined requests one by one, and a chunked body without its framing', async () => {
    const chunked = `POST /a HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n`
    const last = `GET /b HTTP/1.1\r\n${closing}`
    await exchangeBytes(await connectPlain(edge.http), `${chunked}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n${last}`)
    await vi.waitFor(() => expect(observer.exchanges).toHaveLength(2), waits)
    const [first, second] = observer.exchanges
    expect(first).toMatchObject({ requestHeadBytes: chunked.length, requestBodyBytes: 5 })
    expect(second).toMatchObject({ requestHeadBytes: last.length, requestBodyBytes: 0 })
    expect(second!.connection).toMatchObject({ secure: false, tlsVersion: null, cipher: null, alpn: null })
  })

  test('shows one redirect, without an origin', async () => {
    const request = 'GET /x HTTP/1.1\r\nHost: www.shop.test\r\nConnection: close\r\n\r\n'
    const answer = await exchangeBytes(await connectPlain(edge.http), request)
    const facts = await told()
    expect(facts).toMatchObject({ domain: '*.shop.test', status: 308, outcome: 'complete', origin: null })
    expect(facts.redirect).toMatch(/^https:\/\/www\.shop\.test:\d+\/x$/)
    expect(facts.responseHeadBytes + facts.responseBodyBytes).toBe(answer.length)
  })

  test.each([
    ['what is not HTTP', 'NONSENSE\r\n\r\n', { method: '', status: 400 }],
    [
      'a domain that is not there',
      'GET / HTTP/1.1\r\nHost: other.test\r\n\r\n',
      { host: 'other.test', status: 404 },
    ],
    [
      'two lengths',
      `GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n${closing}`,
      { status: 400 },
    ],
  ])('shows the refusal of %s, under no domain', async (_what, request, expected) => {
    const socket = await connectPlain(edge.http)
    socket.write(request)
    const facts = await told()
    socket.destroy()
    expect(facts).toMatchObject({ ...expected, domain: null, outcome: 'refused', origin: null })
    expect(facts.refusal).toMatch(/\.$/)
  })

  test.each([
    ['before', 'down.shop.test', { status: 502, failure: { kind: 'refused' }, opening: null }],
    ['within', 'broken.shop.test', { status: 200, failure: { kind: 'closed' }, responseBodyBytes: 4 }],
  ])('shows an origin that fails %s its answer', async (_when, host, expected) => {
    const request = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
    await exchangeBytes(await edge.connect({ servername: host }), request)
    expect(await told()).toMatchObject({ ...expected, domain: host, outcome: 'origin-failed' })
  })

  test('shows a client that leaves before the answer, over HTTP/1.1', async () => {
    const socket = await edge.connect()
    socket.write('GET /slow HTTP/1.1\r\nHost: shop.test\r\n\r\n')
    await once(edge.origin.server, 'request')
    socket.destroy()
    expect(await told()).toMatchObject({ target: '/slow', status: 0, outcome: 'client-gone' })
  })

  test('shows a stream of HTTP/2, and one that its client resets', async () => {
    const session = await openHttp2()
    const whole = session.request({ ':path': '/w', ':authority': 'shop.test' })
    await once(whole.resume(), 'end')
    const facts = await told()
    expect(facts).toMatchObject({
      domain: 'shop.test',
      method: 'GET',
      target: '/w',
      status: 200,
      responseBodyBytes: 1000,
      outcome: 'complete',
    })
    expect(facts.connection).toMatchObject({ protocol: 'h2', alpn: 'h2', serverName: 'shop.test' })
    expect(facts.requestHeadBytes).toBeGreaterThan(':path: /w\r\n:authority: shop.test\r\n'.length)
    const left: ClientHttp2Stream = session.request({ ':path': '/slow', ':authority': 'shop.test' })
    left.on('error', () => undefined)
    await once(edge.origin.server, 'request')
    left.close(8)
    await vi.waitFor(() => expect(observer.exchanges).toHaveLength(2), waits)
    expect(observer.exchanges[1]).toMatchObject({ target: '/slow', status: 0, outcome: 'client-gone' })
    session.destroy()
  })

  test('shows a websocket when it has closed, with the bytes that it carried', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${edge.http}/`, { headers: { host: 'live.shop.test' } })
    await once(socket, 'open')
    socket.send('x'.repeat(100))
    await once(socket, 'message')
    expect(observer.exchanges).toHaveLength(0)
    socket.close()
    const facts = await told()
    expect(facts).toMatchObject({ websocket: true, status: 101, outcome: 'complete' })
    expect(facts.requestBodyBytes).toBeGreaterThan(106)
    expect(facts.responseBodyBytes).toBeGreaterThan(102)
  })

  test('includes the open exchanges when the edge stops', async () => {
    const mine = new KeepingObserver()
    const stopping = await startTestEdge([routeTo(edge.origin.port)], { observer: mine })
    const socket = await stopping.connect()
    socket.write('GET /slow HTTP/1.1\r\nHost: shop.test\r\n\r\n')
    await once(edge.origin.server, 'request')
    await stopping.close()
    await vi.waitFor(() => expect(mine.exchanges).toHaveLength(1), waits)
    expect(mine.exchanges[0]).toMatchObject({ outcome: 'stopped', status: 0 })
  })

  test('shows each handshake: full, resumed, and refused with its reason', async () => {
    const full = await edge.connect()
    const [session] = (await once(full, 'session')) as [Buffer]
    full.destroy()
    expect(await handshake()).toMatchObject({ result: 'full', serverName: 'shop.test', reason: null })
    observer.handshakes.length = 0
    const resumed = await edge.connect({ session })
    // A handshake that the client cuts short is not reported.
    expect(await handshake()).toMatchObject({ result: 'resumed', connection: { resumed: true } })
    resumed.destroy()
    observer.handshakes.length = 0
    await refused('other.test')
    expect(await handshake()).toMatchObject({
      result: 'refused',
      reason: 'unknown-name',
      serverName: 'other.test',
      connection: null,
    })
    observer.handshakes.length = 0
    const where = ['--resolve', `shop.test:${edge.https}:127.0.0.1`, `https://shop.test:${edge.https}/`]
    await promisify(execFile)('curl', ['-s', ...where]).catch(() => undefined)
    expect(await handshake()).toMatchObject({
      result: 'refused',
      reason: 'client-alert',
      detail: 'unknown_ca',
      serverName: 'shop.test',
    })
  })

  test('reaches a viewer of details until it closes', async () => {
    const looking = new KeepingObserver()
    edge.edge.observe(looking)
    await exchangeBytes(await connectPlain(edge.http), `GET /a HTTP/1.1\r\n${closing}`)
    edge.edge.observe(null)
    await exchangeBytes(await connectPlain(edge.http), `GET /b HTTP/1.1\r\n${closing}`)
    await vi.waitFor(() => expect(observer.exchanges).toHaveLength(2), waits)
    expect(looking.exchanges.map(({ target }) => target)).toEqual(['/a'])
  })
})
