import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'

export interface EchoEngine {
  /** Upgrades so far, with the headers that reached the engine. */
  upgrades: { url: string; headers: NodeJS.Dict<string | string[]> }[]
  connections: WebSocket[]
  close(): Promise<void>
}

/**
 * Stand-in for an engine: listens on a control socket and echoes every frame. For tests of the transport
 * alone.
 */
export async function startEchoEngine(socketPath: string): Promise<EchoEngine> {
  const server = createServer()
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  const engine: EchoEngine = { upgrades: [], connections: [], close: () => close() }
  sockets.on('connection', (socket, request) => {
    engine.upgrades.push({ url: request.url ?? '', headers: request.headers })
    engine.connections.push(socket)
    socket.on('close', () => engine.connections.splice(engine.connections.indexOf(socket), 1))
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  const raw = new Set<Socket>()
  server.on('connection', (socket) => {
    raw.add(socket)
    socket.once('close', () => raw.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  let closing: Promise<void> | undefined
  function close(): Promise<void> {
    closing ??= new Promise<void>((resolve) => {
      server.close(() => resolve())
      raw.forEach((socket) => socket.destroy())
    })
    return closing
  }
  onTestFinished(close)
  return engine
}
