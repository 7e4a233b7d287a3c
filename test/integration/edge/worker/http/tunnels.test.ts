import { once } from 'node:events'
import type { OutgoingHttpHeaders } from 'node:http'
import { connect, constants, createServer, type ClientHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  connectPlain,
  exchangeBytes,
  KeepingObserver,
  routeTo,
  startTestEdge,
  type TestEdge,
} from '../../../../support/edge/edge.ts'
import type { Limits } from '../../../../../src/edge/worker/limits/limits.ts'
import { answerEach, startRecordingOrigin } from '../../../../support/edge/recording-origin.ts'
import { switchingAnswer, upgradeRequest } from '../../../../support/edge/websocket.ts'
import { waits } from '../../../../support/waits.ts'
import { startEdgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

/*
 * A websocket's bytes mean nothing to an origin that has not switched to it: an origin of HTTP/1.1
 * would take them for the next request, under whatever name and with whatever fields the client likes,
 * and its answer would go to whoever uses the connection next. So none may be sent before the origin
 * has switched, whichever way the websocket comes and goes.
 */

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: h.test\r\nX-Client-Cert-Verified: SUCCESS\r\n\r\n'
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Origin that answers on the test's order. */
interface HeldOrigin {
  port: number
  protocol: 'http' | 'h2c'
  /** The request has arrived. */
  asked: Promise<unknown>
  accept(): void
  decline(): void
  /** Bytes received after the request so far. */
  tunnelled(): string
  hasEnded(): boolean
}

async function http1Origin(): Promise<HeldOrigin> {
  const origin = await startRecordingOrigin((connection, nth) => {
    if (nth > 0) answerEach(connection)
  })
  closers.push(origin.close)
  const first = () => origin.seen[0]!
  let hasEnded = false
  return {
    port: origin.port,
    protocol: 'http',
    asked: vi.waitFor(
      () => {
        expect(origin.seen[0]?.received).toContain('\r\n\r\n')
        first().socket.on('end', () => (hasEnded = true))
      },
      { timeout: 10_000 },
    ),
    accept: () => first().socket.write(switchingAnswer(first().received)),
    decline: () => first().socket.write('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno'),
    tunnelled: () => first().received.slice(first().received.indexOf('\r\n\r\n') + 4),
    hasEnded: () => hasEnded,
  }
}

async function http2Origin(): Promise<HeldOrigin> {
  const server = createServer({ settings: { enableConnectProtocol: true } })
  let received = ''
  let hasEnded = false
  let stream: ServerHttp2Stream
  const asked = new Promise<void>((resolve) =>
    server.on('stream', (opened, headers) => {
      opened.on('error', () => undefined)
      if (headers[':method'] !== 'CONNECT') {
        opened.respond({ ':status': 200 })
        return void opened.end('ok')
      }
      stream = opened
      opened.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')))
      opened.on('end', () => (hasEnded = true))
      resolve()
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  return {
    port: (server.address() as AddressInfo).port,
    protocol: 'h2c',
    asked,
    accept: () => stream.respond({ ':status': 200 }),
    decline: () => {
      stream.respond({ ':status': 403 })
      stream.end('no')
    },
    tunnelled: () => received,
    hasEnded: () => hasEnded,
  }
}

/** Client that sends bytes behind its websocket request, before the answer. */
interface EagerClient {
  stream: Duplex
  /** Bytes that the edge has sent so far; they begin with a status line. */
  answered(): string
  isSeen(): Promise<unknown>
}

async function http1Client(edge: TestEdge, ahead: string): Promise<EagerClient> {
  const socket = await edge.connect()
  closers.push(() => socket.destroy())
  let answered = ''
  socket.on('data', (chunk: Buffer) => (answered += chunk.toString('latin1')))
  socket.write(upgradeRequest + ahead, 'latin1')
  return {
    stream: socket,
    answered: () => answered.replace(/^HTTP\/1\.1 101/, 'HTTP/1.1 200'),
    // One write, so the early bytes come with the head.
    isSeen: () => Promise.resolve(),
  }
}

async function http2Session(edge: TestEdge): Promise<ClientHttp2Session> {
  const tls = await edge.connect({ ALPNProtocols: ['h2'] })
  const session = connect('https://shop.test', { createConnection: () => tls })
  session.on('error', () => undefined)
  closers.push(() => session.destroy())
  await once(session, 'remoteSettings')
  return session
}

const extendedConnect: OutgoingHttpHeaders = {
  ':method': 'CONNECT',
  ':protocol': 'websocket',
  ':path': '/',
  'sec-websocket-version': '13',
}

async function http2Client(edge: TestEdge, ahead: string, asked = extendedConnect): Promise<EagerClient> {
  const session = await http2Session(edge)
  const stream = session.request(asked)
  let answered = ''
  stream.on('error', () => undefined)
  stream.on('response', (headers) => (answered = `HTTP/1.1 ${headers[':status']} ${answered}`))
  stream.on('data', (chunk: Buffer) => (answered += chunk.toString('latin1')))
  if (ahead !== '') stream.write(ahead, 'latin1')
  return {
    stream,
    answered: () => answered,
    isSeen: () => new Promise<void>((resolve) => session.ping(() => resolve())),
  }
}

async function start(
  origin: HeldOrigin,
  observer = new KeepingObserver(),
  limits: Partial<Limits> = {},
): Promise<TestEdge> {
  const route = (domain: string, certificateId: string | null) =>
    routeTo(origin.port, { domain, certificateId, origin: { protocol: origin.protocol } })
  const edge = await startTestEdge([route('shop.test', 'shop'), route('h.test', null)], { observer, limits })
  closers.push(() => edge.close())
  return edge
}

const clients = { 'HTTP/1.1': http1Client, 'HTTP/2': http2Client }
const origins = { 'HTTP/1.1': http1Origin, 'HTTP/2': http2Origin }
const ways = Object.keys(clients).flatMap((from) =>
  Object.keys(origins).map((to) => [from, to] as const),
) as [keyof typeof clients, keyof typeof origins][]

describe.each(ways)('a websocket from %s to an origin of %s', (from, to) => {
  test('sends nothing of what comes ahead to an origin that declines', async () => {
    const origin = await origins[to]()
    const observer = new KeepingObserver()
    const edge = await start(origin, observer)
    const client = await clients[from](edge, smuggled)
    await origin.asked
    await client.isSeen()
    origin.decline()
    const status = origin.protocol === 'http' ? 426 : 403
    await vi.waitFor(() => expect(client.answered()).toMatch(`HTTP/1.1 ${status} `), waits)
    // Another client, of another domain with the same origin, gets the answer to its own request.
    const other = await exchangeBytes(
      await connectPlain(edge.http),
      'GET /own HTTP/1.1\r\nHost: h.test\r\nConnection: close\r\n\r\n',
    )
    expect(other).toMatch(/^HTTP\/1\.1 200 [^]*ok$|^HTTP\/1\.1 200 [^]*ok\r\n0\r\n\r\n$/)
    expect(origin.tunnelled()).toBe('')
    // The held answer is released with the exchange, not at a deadline.
    await vi.waitFor(() => expect(observer.exchanges.map(({ status }) => status)).toContain(status), waits)
  })

  test('sends what came ahead once the origin has switched, in its order, and then the end', async () => {
    const origin = await origins[to]()
    const edge = await start(origin)
    const client = await clients[from](edge, 'ahead,')
    await origin.asked
    await client.isSeen()
    client.stream.write('ahead too,')
    await client.isSeen()
    expect(origin.tunnelled()).toBe('')
    origin.accept()
    await vi.waitFor(() => expect(client.answered()).toMatch(/^HTTP\/1\.1 200 /), waits)
    client.stream.end('after')
    await vi.waitFor(() => expect(origin.tunnelled()).toBe('ahead,ahead too,after'), waits)
    await vi.waitFor(() => expect(origin.hasEnded()).toBe(true), waits)
  })

  test('holds a client back that sends without end before there is a switch', async () => {
    const origin = await origins[to]()
    const edge = await start(origin)
    const client = await clients[from](edge, '')
    await origin.asked
    let taken = 0
    const block = Buffer.alloc(256 * 1024)
    const push = (): void =>
      void client.stream.write(block, (error) => {
        if (error) return
        taken += block.length
        push()
      })
    push()
    await new Promise((resolve) => setTimeout(resolve, 700))
    // Upper bound: the socket buffers of both ends and one HTTP/2 window.
    expect(taken).toBeLessThan(40 * 1024 * 1024)
    expect(origin.tunnelled()).toBe('')
    client.stream.destroy()
  })
})

describe('a websocket over HTTP/2', () => {
  test.each(Object.keys(origins) as (keyof typeof origins)[])(
    'may be silent for longer than a body, before and after the switch: to %s',
    async (to) => {
      const origin = await origins[to]()
      const edge = await start(origin, new KeepingObserver(), { bodyPauseMs: 100 })
      const client = await http2Client(edge, '')
      await origin.asked
      await new Promise((resolve) => setTimeout(resolve, 400))
      origin.accept()
      await vi.waitFor(() => expect(client.answered()).toMatch(/^HTTP\/1\.1 200 /), waits)
      await new Promise((resolve) => setTimeout(resolve, 400))
      client.stream.write('still here')
      await vi.waitFor(() => expect(origin.tunnelled()).toBe('still here'), waits)
    },
  )

  test.each(['a websocket', 'a POST'])('releases %s and all bytes held for it', async (what) => {
    const observer = new KeepingObserver()
    const edge = await startEdgeWithOrigin(() => startRecordingOrigin(({ socket }) => socket.destroy()), {
      observer,
    })
    const asked = what === 'a POST' ? { ':method': 'POST', ':path': '/' } : undefined
    const client = await http2Client(edge, smuggled.repeat(4_000), asked)
    await vi.waitFor(() => expect(client.answered()).toMatch(/^HTTP\/1\.1 502 /), waits)
    await vi.waitFor(() => expect(observer.exchanges).toHaveLength(1), waits)
  })

  test.each(['NGHTTP2_NO_ERROR', 'NGHTTP2_CANCEL'] as const)(
    'closes the origin’s connection if its client gives up before the switch: %s',
    async (code) => {
      const origin = await http1Origin()
      const edge = await start(origin)
      const session = await http2Session(edge)
      const stream = session.request(extendedConnect)
      stream.on('error', () => undefined)
      // More than the edge reads, so Node keeps the stream for the unread rest.
      stream.write(smuggled.repeat(1_000))
      await origin.asked
      await new Promise<void>((resolve) => session.ping(() => resolve()))
      stream.close(constants[code])
      await vi.waitFor(() => expect(origin.hasEnded()).toBe(true), waits)
      expect(origin.tunnelled()).toBe('')
    },
  )

  test('keeps its early bytes when it is retried because a used connection closed', async () => {
    let asked = ''
    const edge = await startEdgeWithOrigin(() =>
      startRecordingOrigin((connection, nth) => {
        const { received, socket } = connection
        if (nth === 0 && received.includes('websocket')) socket.destroy()
        else if (nth === 0) answerEach(connection)
        else if (asked === '') {
          asked = received
          socket.write(switchingAnswer(received))
        }
      }),
    )
    const get = 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'
    await exchangeBytes(await connectPlain(edge.http), get)
    await http2Client(edge, 'ahead')
    await vi.waitFor(() => expect(edge.origin.seen[1]?.received.slice(asked.length)).toBe('ahead'), waits)
    expect(asked).toMatch(/\r\n\r\n$/)
    expect(edge.origin.seen).toHaveLength(2)
  })

  test('ends after the switch if its stream ended with the head', async () => {
    const origin = await http1Origin()
    const edge = await start(origin)
    const session = await http2Session(edge)
    session.request(extendedConnect, { endStream: true }).on('error', () => undefined)
    await origin.asked
    origin.accept()
    await vi.waitFor(() => expect(origin.hasEnded()).toBe(true), waits)
  })

  test('ends after the switch if it half-closed before', async () => {
    const origin = await http1Origin()
    const edge = await start(origin)
    const client = await http2Client(edge, 'all of it')
    client.stream.end()
    await origin.asked
    await client.isSeen()
    expect([origin.tunnelled(), origin.hasEnded()]).toEqual(['', false])
    origin.accept()
    await vi.waitFor(
      () => expect([origin.tunnelled(), origin.hasEnded()]).toEqual(['all of it', true]),
      waits,
    )
  })
})
