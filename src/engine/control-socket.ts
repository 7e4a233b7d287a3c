import { chmodSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer, type RawData } from 'ws'
import { WINDOW_PATH } from '../contract/control-address.ts'
import type { Engine } from './engine.ts'
import { router } from './router/router.ts'

export interface ControlSocket {
  close(): Promise<void>
}

/** An upload of the contract's limit, with room for what frames add. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024

/**
 * The contract over WebSocket frames on a Unix socket (0600) or named pipe. Whoever can open it is
 * this user: the file's mode and its folder's (0700) are the whole authentication, and no web page
 * can reach it. A path left over from a killed engine is removed: the caller holds the vault's
 * lock, so no living engine owns it.
 */
export async function openControlSocket(path: string, engine: Engine): Promise<ControlSocket> {
  const server = createServer((_request, response) => response.writeHead(426).end())
  const sockets = new WebSocketServer({ server, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })
  const handler = new RPCHandler(router)
  sockets.on('connection', (socket, request) => {
    const actor = request.url === WINDOW_PATH ? 'window' : 'command line'
    socket.on('error', (error) =>
      engine.context.parts.log.warn({ err: error }, 'A control connection failed'),
    )
    void handler.upgrade(socket, { context: engine.contextFor(actor) })
    socket.on('message', forgetFrame)
  })
  if (process.platform !== 'win32') rmSync(path, { force: true })
  await listen(server, path)
  if (process.platform !== 'win32') chmodSync(path, 0o600)
  return { close: () => closeAll(server, sockets) }
}

/** A frame may hold a key. By the next turn of the event loop the handler has made files or text of it. */
function forgetFrame(frame: RawData): void {
  setImmediate(() => {
    for (const bytes of [frame].flat()) Buffer.from(bytes as ArrayBuffer).fill(0)
  })
}

function listen(server: ReturnType<typeof createServer>, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(path, () => {
    server.off('error', reject)
    resolve()
  })
  return promise
}

async function closeAll(server: ReturnType<typeof createServer>, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.close(1001)
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), 500).unref()
  await promise
}
