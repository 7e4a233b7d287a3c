import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type IncomingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'
import type { TestEdge } from './edge.ts'

type OverStream = WebSocket & {
  setSocket(stream: unknown, head: Buffer, options: object): void
  _isServer: boolean
}

/** A websocket to `shop.test` over HTTP/1.1, or as a stream of HTTP/2 (RFC 8441). Throws the status that refuses it. */
export async function openWebsocket(
  edge: TestEdge,
  protocol: string,
  path: string,
): Promise<{ socket: WebSocket; end: () => void }> {
  const tls = await edge.connect({ ALPNProtocols: [protocol] })
  if (protocol === 'http/1.1') {
    const socket = new WebSocket(`ws://shop.test${path}`, ['chat'], { createConnection: () => tls })
    await once(socket, 'open')
    return { socket, end: () => tls.destroy() }
  }
  const session = connect('https://shop.test', { createConnection: () => tls })
  session.on('error', () => undefined)
  await once(session, 'remoteSettings')
  const stream = session.request({
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':path': path,
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'chat',
  })
  const [{ ':status': status }] = (await once(stream, 'response')) as [{ ':status': number }]
  if (status !== 200) {
    session.destroy()
    throw new Error(`it answered ${status}`)
  }
  const socket = new WebSocket(null as never, undefined, {}) as OverStream
  // Without an address the library acts as a server, which does not mask its frames.
  socket._isServer = false
  socket.setSocket(stream, Buffer.alloc(0), { maxPayload: 2 ** 24 })
  return { socket, end: () => session.destroy() }
}

/** HTTP/1.1 upgrade request. */
export const upgradeRequest =
  'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

/** The answer to `request` that switches (RFC 6455, section 4.2.2). */
export function switchingAnswer(request: string): string {
  const key = /sec-websocket-key: (.*)\r\n/i.exec(request)?.[1] ?? ''
  const proof = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  return (
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    `Sec-WebSocket-Accept: ${proof}\r\n\r\n`
  )
}

/** Cleartext HTTP/2 origin that echoes websockets, refuses those of /closed, and has a page. */
export async function startHttp2Websockets() {
  const asked: IncomingHttpHeaders[] = []
  const closed: number[] = []
  const server = createServer({ settings: { enableConnectProtocol: true } })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    if (headers[':method'] !== 'CONNECT') {
      stream.respond({ ':status': 200, 'content-type': 'text/html' })
      return void stream.end('<!doctype html><title>Shop</title>')
    }
    asked.push(headers)
    if (headers[':path'] === '/closed') {
      stream.respond({ ':status': 403 })
      return void stream.end('closed')
    }
    const protocol = headers['sec-websocket-protocol']
    stream.respond({ ':status': 200, ...(protocol && { 'sec-websocket-protocol': protocol }) })
    const socket = new WebSocket(null as never, undefined, {}) as OverStream
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
    socket.on('close', (code) => closed.push(code))
    socket.setSocket(stream, Buffer.alloc(0), { maxPayload: 2 ** 24 })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, asked, closed, close: () => void server.close() }
}
