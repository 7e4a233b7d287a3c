import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { limitConnections } from '../../../platform/listeners/connection-limit.ts'

/*
 * Threat: any program of this computer can connect. The proxy connects to the edge only, for one single-use
 * name, and closes with the probe.
 */

const mostConnections = 64
const longestHead = 8 * 1024

/** Loopback proxy that answers CONNECT (RFC 9110, section 9.3.6) for one name and port only. */
export async function connectProxy(target: {
  name: string
  port: number
}): Promise<{ port: number; close(): void }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.setTimeout(30_000, () => socket.destroy())
    readHead(socket, (head, rest) => {
      if (head.split('\r\n')[0] !== `CONNECT ${target.name}:${target.port} HTTP/1.1`)
        return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
      const edge = connect({ host: '127.0.0.1', port: target.port })
      edge.on('error', () => socket.destroy())
      edge.once('connect', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        edge.write(rest)
        socket.pipe(edge).pipe(socket)
      })
      socket.once('close', () => edge.destroy())
    })
  })
  const limit = limitConnections(server, { most: mostConnections })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      limit.close()
    },
  }
}

/** Reads the head of a request; an oversized one ends the connection. */
export function readHead(socket: Socket, take: (head: string, rest: Buffer) => void): void {
  let buffered = Buffer.alloc(0)
  const onData = (bytes: Buffer) => {
    buffered = Buffer.concat([buffered, bytes])
    const end = buffered.indexOf('\r\n\r\n')
    if (end < 0) {
      if (buffered.length > longestHead) socket.destroy()
      return
    }
    socket.off('data', onData)
    socket.pause()
    take(buffered.subarray(0, end).toString('latin1'), buffered.subarray(end + 4))
  }
  socket.on('data', onData)
}
