import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'

export interface TestOrigin {
  host: string
  port: number
  server: Server
  close(): Promise<void>
}

export async function startOrigin(listener: RequestListener, host = '127.0.0.1'): Promise<TestOrigin> {
  const server = createServer(listener)
  server.listen(0, host)
  await once(server, 'listening')
  return {
    host,
    port: (server.address() as AddressInfo).port,
    server,
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export async function startRawOrigin(
  onConnection: (socket: Socket) => void,
): Promise<{ port: number; close(): void; connections: () => number }> {
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createTcpServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
