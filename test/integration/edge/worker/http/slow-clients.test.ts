import { once } from 'node:events'
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2'
import type { ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import type { Limits } from '../../../../../src/edge/worker/limits/limits.ts'
import {
  connectPlain,
  exchangeBytes,
  readUntil,
  routeTo,
  type TestEdge,
} from '../../../../support/edge/edge.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { openWebsocket } from '../../../../support/edge/websocket.ts'
import { startEdgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

const megabyte = 1024 * 1024
/** Timeouts longer than a test: only the need for a slot ends a connection. */
const patient = { bodyPauseMs: 600_000, writeStallMs: 600_000 }

describe('a client that is slow', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  async function start(limits: Partial<Limits>, timeouts = {}): Promise<TestEdge & { asked: string[] }> {
    const asked: string[] = []
    const policies = { ...defaultPolicies, timeouts: { ...defaultPolicies.timeouts, ...timeouts } }
    const edge = await startEdgeWithOrigin(
      () =>
        startOrigin((request, response: ServerResponse) => {
          asked.push(request.url ?? '')
          request.resume()
          if (request.url === '/big') response.end(Buffer.alloc(32 * megabyte))
          else if (request.url === '/events') response.write('data: 1\n\n')
          else if (request.url === '/now') response.end('served')
          else request.on('end', () => response.end('served'))
        }),
      { routes: (port) => [routeTo(port, { policies })], limits },
    )
    return { ...edge, asked }
  }
  async function http2(edge: TestEdge): Promise<ClientHttp2Session> {
    const socket = await edge.connect({ ALPNProtocols: ['h2'] })
    const session = connectHttp2('https://shop.test', {
      createConnection: () => socket,
      settings: { initialWindowSize: 0 },
    })
    session.on('error', () => {})
    await once(session, 'remoteSettings')
    closers.push(() => session.destroy())
    return session
  }
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n`
  const chunkedPost = 'POST /body HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n'

  function drip(socket: Socket, size: number): () => void {
    const chunk = `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`
    const timer = setInterval(() => socket.write(chunk), 20)
    return () => clearInterval(timer)
  }

  test('gets 408 when its body only trickles, over HTTP/1.1 and HTTP/2', async () => {
    const edge = await start({ bodyPauseMs: 300 }, { minRequestRate: 1_000_000 })
    const socket = await connectPlain(edge.http)
    socket.write(chunkedPost)
    const stop = drip(socket, 1)
    expect(await exchangeBytes(socket, '', 30_000)).toMatch(/^HTTP\/1\.1 408 /)
    stop()
    const stream = (await http2(edge)).request({ ':method': 'POST', ':path': '/body' })
    stream.on('error', () => {})
    const timer = setInterval(() => stream.destroyed || stream.write('x'), 20)
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>]
    clearInterval(timer)
    expect(headers[':status']).toBe(408)
  })

  test('is let be at any rate where the domain says so, as long as something comes', async () => {
    const edge = await start({ bodyPauseMs: 2_000 }, { minRequestRate: 0 })
    const socket = await connectPlain(edge.http)
    socket.write(chunkedPost)
    const stop = drip(socket, 1)
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    stop()
    socket.write('0\r\n\r\n')
    expect(await readUntil(socket, 'served', 20_000)).toContain('200 OK')
  })

  test('gives way with an unfinished body when others wait for the origin, and not before', async () => {
    const edge = await start({ ...patient, connectionsPerOrigin: 2, contendedBodyMs: 200 })
    const slow = await Promise.all([1, 2].map(() => connectPlain(edge.http)))
    const ended = Promise.race(slow.map((socket) => readUntil(socket, '408', 60_000)))
    for (const socket of slow) socket.write(`${chunkedPost}1\r\nx\r\n`)
    await expect.poll(() => edge.asked.length, { timeout: 20_000 }).toBe(2)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(slow.map(({ destroyed, bytesRead }) => destroyed || bytesRead > 0)).toEqual([false, false])
    expect(await exchangeBytes(await connectPlain(edge.http), get('/now'), 30_000)).toContain('served')
    await ended
  })

  test('gives way with a response that it does not take, by a window of zero or an unread socket', async () => {
    const edge = await start({ ...patient, connectionsPerOrigin: 2, contendedStallMs: 200 })
    const stream = (await http2(edge)).request({ ':path': '/big' })
    const cancelled = once(stream, 'close')
    stream.on('error', () => {})
    const unread = await connectPlain(edge.http)
    unread.write(get('/big'))
    unread.pause()
    await expect.poll(() => edge.asked.length, { timeout: 20_000 }).toBe(2)
    const answers = await Promise.all(
      [1, 2].map(async () => exchangeBytes(await connectPlain(edge.http), get('/now'), 30_000)),
    )
    expect(answers.every((answer) => answer.includes('served'))).toBe(true)
    stream.resume()
    await Promise.race([cancelled, once(unread.resume(), 'close')])
  })

  test('may pause a download for long while no other waits, and gets the rest of it', async () => {
    const edge = await start({ ...patient, contendedStallMs: 100 })
    const socket = await connectPlain(edge.http)
    let size = 0
    socket.write(get('/big'))
    socket.pause()
    await expect.poll(() => edge.asked.length, { timeout: 20_000 }).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    socket.on('data', (chunk: Buffer) => (size += chunk.length)).resume()
    await once(socket, 'close')
    expect(size).toBeGreaterThan(32 * megabyte)
  })

  test('is not taken for slow while an event stream or a long poll is silent, though others wait', async () => {
    const edge = await start({
      bodyPauseMs: 100,
      contendedBodyMs: 50,
      writeStallMs: 100,
      contendedStallMs: 50,
      connectionsPerOrigin: 1,
    })
    const listening = await connectPlain(edge.http)
    listening.write(get('/events'))
    await readUntil(listening, 'data: 1')
    const waiting = await connectPlain(edge.http)
    waiting.write(get('/now'))
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(listening.destroyed).toBe(false)
    listening.destroy()
    expect(await readUntil(waiting, 'served', 20_000)).toContain('200 OK')
  })

  test.each(['http/1.1', 'h2'])('is not taken for slow in a silent websocket over %s', async (protocol) => {
    const edge = await start({
      bodyPauseMs: 100,
      contendedBodyMs: 50,
      writeStallMs: 100,
      contendedStallMs: 50,
    })
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'chat' })
    server.on('connection', (socket) => socket.on('message', (text: Buffer) => socket.send(text.toString())))
    await once(server, 'listening')
    closers.push(() => server.close())
    edge.apply({ routes: [routeTo((server.address() as AddressInfo).port)] })
    const { socket, end } = await openWebsocket(edge, protocol, '/')
    closers.push(end)
    for (const text of ['first', 'second']) {
      socket.send(text)
      const [answer] = (await once(socket, 'message')) as [Buffer]
      expect(answer.toString()).toBe(text)
      await new Promise((resolve) => setTimeout(resolve, 600))
    }
    expect(socket.readyState).toBe(socket.OPEN)
  })
})
