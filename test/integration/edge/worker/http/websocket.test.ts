import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:http2'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import {
  exchangeBytes,
  readUntil,
  routeTo,
  startTestEdge,
  type TestEdge,
} from '../../../../support/edge/edge.ts'
import { startRawOrigin } from '../../../../support/edge/origin.ts'
import { switchingAnswer, upgradeRequest } from '../../../../support/edge/websocket.ts'
import { startEdgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

describe('websockets', () => {
  let server: WebSocketServer
  let edge: TestEdge

  beforeAll(async () => {
    server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      handleProtocols: (protocols) => [...protocols][0] ?? false,
    })
    await once(server, 'listening')
    server.on('connection', (socket, request) => {
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
      if (request.url === '/greet') socket.send(`hello ${request.headers['x-forwarded-proto']}`)
    })
    edge = await startTestEdge([routeTo((server.address() as AddressInfo).port)])
  })
  afterAll(async () => {
    for (const client of server.clients) client.terminate()
    server.close()
    await edge.close()
  })

  function open(path: string): WebSocket {
    return new WebSocket(`wss://shop.test:${edge.https}${path}`, ['chat'], {
      ca: edge.authority.certificatePem,
      lookup: (_host: string, options: { all?: boolean }, done: (...values: unknown[]) => void) =>
        options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
    } as never)
  }

  test('carries messages of every size both ways', async () => {
    const socket = open('/greet')
    const [greeting] = (await once(socket, 'message')) as [Buffer]
    expect(greeting.toString()).toBe('hello https')
    expect(socket.protocol).toBe('chat')
    for (const size of [0, 1, 125, 70_000, 5_000_000]) {
      const message = Buffer.alloc(size, size % 251)
      socket.send(message)
      const [echo] = (await once(socket, 'message')) as [Buffer]
      expect(echo.equals(message)).toBe(true)
    }
    socket.close(1000, 'done')
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(1000)
  })

  test('carries many messages at once in their order', async () => {
    const socket = open('/')
    await once(socket, 'open')
    const received: number[] = []
    socket.on('message', (data: Buffer) => received.push(Number(data.toString())))
    for (let at = 0; at < 2_000; at += 1) socket.send(String(at))
    while (received.length < 2_000) await once(socket, 'message')
    expect(received).toEqual(Array.from({ length: 2_000 }, (_, at) => at))
    socket.terminate()
  })

  test('ends both sides when one goes', async () => {
    const arrived = once(server, 'connection') as Promise<[WebSocket]>
    const socket = open('/')
    const [inner] = await arrived
    await once(socket, 'open')
    const closed = once(inner, 'close')
    socket.terminate()
    await closed
    const again = once(server, 'connection') as Promise<[WebSocket]>
    const second = open('/')
    const [other] = await again
    await once(second, 'open')
    const gone = once(second, 'close')
    other.terminate()
    await gone
  })

  test('passes an origin that does not switch on as a plain response', async () => {
    const socket = await edge.connect()
    const answer = await exchangeBytes(
      socket,
      'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 1\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
  })

  test('does not let a refused switch become a tunnel', async () => {
    let received = ''
    const own = await startEdgeWithOrigin(() =>
      startRawOrigin((socket) =>
        socket.on('data', (chunk: Buffer) => {
          received += chunk.toString('latin1')
          socket.write('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n')
        }),
      ),
    )
    const socket = await own.connect()
    socket.write(
      'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nGET /hidden HTTP/1.1\r\nHost: evil.test\r\n\r\n',
    )
    expect(await readUntil(socket, /HTTP\/1\.1 421 /)).toMatch(/^HTTP\/1\.1 426 /)
    socket.destroy()
    expect(received).not.toContain('hidden')
  })

  test('holds a fast client back while the origin talks and does not listen', async () => {
    const own = await startEdgeWithOrigin(() =>
      startRawOrigin((socket) =>
        socket.once('data', (asked: Buffer) => {
          socket.pause()
          socket.write(switchingAnswer(asked.toString('latin1')))
          const talk = setInterval(() => socket.write('x'), 5)
          socket.on('close', () => clearInterval(talk))
        }),
      ),
    )
    const socket = await own.connect()
    socket.write(upgradeRequest)
    expect(await readUntil(socket, '\r\n\r\n')).toMatch(/^HTTP\/1\.1 101 /)
    let taken = 0
    const block = Buffer.alloc(256 * 1024)
    const push = (): void =>
      void socket.write(block, (error) => {
        if (error) return
        taken += block.length
        push()
      })
    push()
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(taken).toBeGreaterThan(0)
    expect(taken).toBeLessThan(40 * 1024 * 1024)
    socket.destroy()
  })

  test('upgrades to nothing but websocket', async () => {
    const socket = await edge.connect()
    socket.write('GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n')
    expect(await readUntil(socket, '\r\n\r\n')).toMatch(/^HTTP\/1\.1 426 /)
    socket.destroy()
  })

  test('opens a websocket over HTTP/2', async () => {
    const session = connect(`https://shop.test:${edge.https}`, {
      createConnection: () =>
        connectTls({
          host: '127.0.0.1',
          port: edge.https,
          servername: 'shop.test',
          ca: edge.authority.certificatePem,
          ALPNProtocols: ['h2'],
        }),
    })
    await once(session, 'remoteSettings')
    expect(session.remoteSettings.enableConnectProtocol).toBe(true)
    const stream = session.request({
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':authority': 'shop.test',
      ':path': '/greet',
      ':scheme': 'https',
      'sec-websocket-version': '13',
      'sec-websocket-protocol': 'chat',
    })
    const [headers] = (await once(stream, 'response')) as [
      { ':status': number; 'sec-websocket-protocol': string },
    ]
    expect(headers[':status']).toBe(200)
    expect(headers['sec-websocket-protocol']).toBe('chat')
    expect(headers).not.toHaveProperty('sec-websocket-accept')
    const [frame] = (await once(stream, 'data')) as [Buffer]
    expect(frame.subarray(2).toString()).toBe('hello https')
    // "hi", masked with zeros, as a client must mask (RFC 6455, section 5.3).
    stream.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]))
    const [echo] = (await once(stream, 'data')) as [Buffer]
    expect(echo.subarray(2).toString()).toBe('hi')
    session.destroy()
  })
})
