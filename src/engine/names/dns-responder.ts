import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Failed } from '../../platform/listeners/keep-listening.ts'
import { limitConnections, type ConnectionLimit } from '../../platform/listeners/connection-limit.ts'
import { dnsAnswer, longestMessage } from './dns-answer.ts'
import { createDnsRateLimit, createTcpRateLimit, type TcpRateLimit } from './dns-rate-limit.ts'

type Serves = (name: string) => boolean

const address = '127.0.0.1'
const mostConnections = 64
const idleMs = 5_000
/** Unread bytes after which a client is disconnected. */
const mostUnread = 64 * 1024
const lengthBytes = 2

/** DNS server on 127.0.0.1, for UDP and TCP on one port. */
export type DnsResponder = Awaited<ReturnType<typeof openDnsResponder>>

/** Listens on a port of the system's choice if `port` is 0. Rejects with the system's error. */
export async function openDnsResponder(port: number, serves: Serves, failed: Failed) {
  const tcp = createServer()
  const limit = limitConnections(tcp, { most: mostConnections })
  const shares = createTcpRateLimit()
  tcp.on('connection', (socket) => converse(socket, { serves, limit, shares, failed }))
  await listening(tcp, () => tcp.listen({ port, host: address }))
  tcp.on('error', failed)
  const own = (tcp.address() as AddressInfo).port
  const udp = createSocket('udp4')
  try {
    await listening(udp, () => udp.bind({ port: own, address }))
  } catch (error) {
    tcp.close()
    throw error
  }
  udp.on('error', failed)
  answerDatagrams(udp, serves, failed)
  return {
    port: own,
    close() {
      udp.close()
      tcp.close()
      limit.close()
    },
  }
}

async function listening(socket: UdpSocket | Server, begin: () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  socket.once('error', reject)
  socket.once('listening', resolve)
  begin()
  await promise
  socket.off('error', reject)
}

function answerDatagrams(udp: UdpSocket, serves: Serves, failed: Failed): void {
  const shares = createDnsRateLimit()
  udp.on('message', (message, { address: to, port }) => {
    // Silence looks like packet loss: the resolver retries.
    if (!shares.take(port)) return
    const answer = guarded(() => dnsAnswer({ message, overUdp: true, serves }), failed)
    if (answer) udp.send(answer, port, to, (error) => error && failed(error))
  })
}

interface Conversation {
  serves: Serves
  limit: ConnectionLimit
  shares: TcpRateLimit
  failed: Failed
}

/** Length-prefixed messages (RFC 1035, section 4.2.2), one after the other (RFC 7766, section 6.2.1). */
function converse(socket: Socket, { serves, limit, shares, failed }: Conversation): void {
  const share = shares.open()
  let read = Buffer.alloc(0)
  let waiting: NodeJS.Timeout | undefined
  socket.setTimeout(idleMs, () => socket.destroy())
  // A reset only closes the connection.
  socket.on('error', () => undefined)
  socket.once('close', () => {
    share.end()
    clearTimeout(waiting)
  })

  function answerRead(): void {
    while (read.length >= lengthBytes) {
      const length = read.readUInt16BE(0)
      if (length > longestMessage) return void socket.destroy()
      if (read.length < lengthBytes + length) break
      if (!share.take()) {
        socket.pause()
        waiting = setTimeout(answerRead, shares.untilNextMs())
        return
      }
      const message = read.subarray(lengthBytes, lengthBytes + length)
      read = read.subarray(lengthBytes + length)
      const answer = guarded(() => dnsAnswer({ message, overUdp: false, serves }), failed)
      if (!answer || socket.writableLength > mostUnread) return void socket.destroy()
      limit.markServed(socket)
      const size = Buffer.alloc(lengthBytes)
      size.writeUInt16BE(answer.length)
      socket.write(Buffer.concat([size, answer]))
    }
    socket.resume()
  }

  socket.on('data', (bytes: Buffer) => {
    read = Buffer.concat([read, bytes])
    answerRead()
  })
}

/** An internal error ends one query, not the listener. */
function guarded(answer: () => Buffer | null, failed: Failed): Buffer | null {
  try {
    return answer()
  } catch (error) {
    failed(error)
    return null
  }
}
