import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, Socket, type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  contained,
  containedUpgrade,
  keepListening,
  localTimeouts,
  type Failed,
} from '../../platform/listeners/keep-listening.ts'
import type { ConnectionLimit } from '../../platform/listeners/connection-limit.ts'
import { pacType } from './pac.ts'

/*
 * Threat: every program and user of this computer can connect, and a web page can try. The endpoint connects
 * only to the edge on the loopback, which they can all reach anyway: no name or address of a request is ever
 * resolved or connected to. Anything but a served name on 443 or 80 is refused.
 */

export interface ConnectTargets {
  /** Edge port that serves `host` (as sent, in lower case) for `port`; null: refused. */
  edgePort(host: string, port: number): number | null
  /** PAC file for a client that reads it from `proxyPort`. */
  pac(proxyPort: number): string
}

/**
 * Connection limit. Browsers open six connections per host, far below it even for pages of many hosts. Beyond
 * it the longest idle connection is closed, those without a tunnel first: a new one is always accepted.
 */
const mostConnections = 512
const longestHead = 8 * 1024
const connectMs = 5_000
/** Idle timeout; in a tunnel the edge's own timeouts apply. */
const idleMs = 30_000

export type ConnectEndpoint = Awaited<ReturnType<typeof openConnectEndpoint>>

/**
 * Listens on the loopback, for `port` 0 on one of the system's choice; with `socketPath` on that socket,
 * where `port` is that of the relay. Rejects with the system's error.
 */
export async function openConnectEndpoint(
  { port, socketPath }: { port: number; socketPath?: string },
  targets: ConnectTargets,
  failed: Failed,
) {
  let own = port
  const server = createServer(
    { ...localTimeouts, maxHeaderSize: longestHead },
    contained((request, response) => answer(request, response, { own, targets }), failed),
  )
  server.setTimeout(idleMs)
  const where = socketPath === undefined ? { port, host: '127.0.0.1' } : { path: socketPath }
  const limit = await keepListening(server, where, { mostConnections, failed })
  server.on(
    'connect',
    containedUpgrade((request, socket, head) => tunnel(request, { socket, head, limit }, targets), failed),
  )
  if (socketPath === undefined) own = (server.address() as AddressInfo).port
  return {
    port: own,
    /** A relay has the port, and the endpoint a socket. */
    isRelayed: socketPath !== undefined,
    close() {
      server.close()
      limit.close()
    },
  }
}

const targetPattern = /^([a-z0-9-]+(?:\.[a-z0-9-]+)*):([1-9]\d{0,4})$/

/** Host and port of a CONNECT (RFC 9110, section 9.3.6) with a matching Host field, else null. */
function targetOf(request: IncomingMessage): { host: string; port: number } | null {
  const target = (request.url ?? '').toLowerCase()
  const hosts = request.headersDistinct.host ?? []
  const [, host, port] = targetPattern.exec(target) ?? []
  if (host === undefined || port === undefined || hosts.length > 1) return null
  const isSame = hosts.length === 0 || [target, host].includes((hosts[0] ?? '').toLowerCase())
  return isSame ? { host, port: Number(port) } : null
}

function tunnel(
  request: IncomingMessage,
  { socket, head, limit }: { socket: Duplex; head: Buffer; limit: ConnectionLimit },
  targets: ConnectTargets,
): void {
  const target = targetOf(request)
  if (!target) return refuse(socket, '400 Bad Request')
  // No page can send CONNECT, and no browser sends it with an origin.
  if (request.headers.origin !== undefined) return refuse(socket, '403 Forbidden')
  const port = targets.edgePort(target.host, target.port)
  if (port === null) return refuse(socket, '403 Forbidden')
  const edge = connect({ host: '127.0.0.1', port, timeout: connectMs })
  edge.once('timeout', () => edge.destroy())
  let isOpen = false
  edge.once('connect', () => {
    isOpen = true
    edge.setTimeout(0)
    if (socket instanceof Socket) {
      // The idle timeout applies only before a tunnel.
      socket.setTimeout(0)
      limit.markServed(socket)
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    edge.write(head)
    socket.pipe(edge).pipe(socket)
  })
  edge.on('error', () => (isOpen ? socket.destroy() : refuse(socket, '502 Bad Gateway')))
  edge.once('close', () => socket.destroy())
  socket.once('close', () => edge.destroy())
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
}

interface Endpoint {
  own: number
  targets: ConnectTargets
}

/** Serves the PAC file only: proxy-form requests are refused, also for served names. */
function answer(request: IncomingMessage, response: ServerResponse, { own, targets }: Endpoint): void {
  const status = statusFor(request, own)
  if (status !== 200) return void response.writeHead(status, { connection: 'close' }).end()
  const body = Buffer.from(targets.pac(own))
  response.writeHead(200, {
    'content-type': pacType,
    'content-length': body.length,
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function statusFor(request: IncomingMessage, own: number): number {
  const hosts = request.headersDistinct.host ?? []
  if (hosts.length !== 1 || ![`127.0.0.1:${own}`, `localhost:${own}`].includes(hosts[0] ?? '')) return 421
  if (request.headers.origin !== undefined) return 403
  if (request.url !== '/proxy.pac') return 404
  return request.method === 'GET' || request.method === 'HEAD' ? 200 : 405
}
