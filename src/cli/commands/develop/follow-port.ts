import { connect, createServer, type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { setTimeout as delay } from 'node:timers/promises'
import { listeningSocketsOf, type ListeningSocket } from '../../../platform/processes/listening-sockets.ts'
import type { ProcessTree } from './process-tree.ts'

const lookEveryMs = 150
const lookAgainEveryMs = 3000
/** Unexpected ports are compared after this time: a server may open several, one after the other. */
const settleMs = 400

/**
 * Yields the socket on which a server takes requests, first and after each change, until `signal`; null once it
 * is closed.
 */
export async function* followPort(
  tree: ProcessTree,
  wanted: number,
  signal: AbortSignal,
): AsyncGenerator<ListeningSocket | null> {
  let current: ListeningSocket | null = null
  while (!signal.aborted) {
    const sockets = await socketsOf(tree)
    const found = sockets.find(({ port }) => port === wanted) ?? sockets.find((one) => isSame(one, current))
    const picked: ListeningSocket | null = found ?? (await pick(sockets, wanted, tree))
    if (picked ? !isSame(picked, current) : current) yield (current = picked)
    await delay(current ? lookAgainEveryMs : lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

async function socketsOf(tree: ProcessTree): Promise<ListeningSocket[]> {
  return listeningSocketsOf(await tree.refresh())
}

const isSame = (one: ListeningSocket, other: ListeningSocket | null) =>
  one.port === other?.port && one.address === other.address

/** The wanted port, opened after others; without it one that answers HTTP, since servers also listen for debuggers and updates. */
async function pick(
  sockets: ListeningSocket[],
  wanted: number,
  tree: ProcessTree,
): Promise<ListeningSocket | null> {
  if (sockets.length === 0) return null
  await delay(settleMs)
  const settled = await socketsOf(tree)
  const late = settled.find(({ port }) => port === wanted)
  if (late) return late
  for (const socket of settled) if (await answersHttp(socket)) return socket
  return null
}

const answerWithinMs = 5000
/** Answer of Node's inspector to a request that is no websocket. */
const inspector = 'WebSockets request was expected'

function answersHttp(socket: ListeningSocket): Promise<boolean> {
  return new Promise((resolve) => {
    const { port } = socket
    const connection = connect({ host: loopbackOf(socket), port, timeout: answerWithinMs })
    const end = (answer: boolean) => {
      connection.destroy()
      resolve(answer)
    }
    connection.once('connect', () => connection.write(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`))
    connection.once('data', (bytes) => {
      const start = bytes.toString('latin1')
      end(start.startsWith('HTTP/1.') && !start.includes(inspector))
    })
    connection.once('timeout', () => end(false))
    connection.once('error', () => end(false))
    connection.once('close', () => end(false))
  })
}

/** Whether a server speaks TLS on this socket; one of plain HTTP answers with something else, or not at all. */
export function speaksTls(socket: ListeningSocket): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connectTls({
      host: loopbackOf(socket),
      port: socket.port,
      servername: 'localhost',
      // Nothing is sent, and the answer is about the protocol alone.
      rejectUnauthorized: false,
      timeout: answerWithinMs,
    })
    const end = (answer: boolean) => {
      connection.destroy()
      resolve(answer)
    }
    connection.once('secureConnect', () => end(true))
    for (const event of ['timeout', 'error', 'close'] as const) connection.once(event, () => end(false))
  })
}

/**
 * Address by which this computer reaches a listening socket. One on `::` need not take IPv4, where another user's
 * program may listen at the same port.
 */
export function loopbackOf({ address }: ListeningSocket): string {
  if (address === '::') return hasIpv6Loopback() ? '::1' : '127.0.0.1'
  return address === '0.0.0.0' ? '127.0.0.1' : address
}

function hasIpv6Loopback(): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some((each) => each.address === '::1'))
}

/** A port that is free now, chosen by the system. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
