import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { Socket } from 'node:net'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer, type RawData } from 'ws'
import { windowPath } from '../contract/control-address.ts'
import { EdgekeepError } from '../contract/errors.ts'
import type { ConnectionLimit } from '../platform/listeners/connection-limit.ts'
import {
  contained,
  containedUpgrade,
  keepListening,
  localTimeouts,
  type Failed,
} from '../platform/listeners/keep-listening.ts'
import type { Engine } from './engine.ts'
import { router } from './router/router.ts'

export interface ControlSocket {
  close(): Promise<void>
}

/** An upload of the contract's limit, with room for what frames add. */
const maxFrameBytes = 32 * 1024 * 1024
/** Windows and commands of one person. */
const mostConnections = 256

/**
 * The contract over WebSocket frames on a Unix socket (0600) or named pipe. Whoever can open it is this user:
 * the file's mode and its folder's (0700) are the whole authentication, and no web page can reach it. A socket
 * left over from a killed engine is removed: the caller holds the vault's lock, so no living engine owns it.
 * @throws `home.unusable`
 */
export async function openControlSocket(path: string, engine: Engine): Promise<ControlSocket> {
  const { log } = engine.context.parts
  const failed: Failed = (error) => log.warn({ err: error }, 'A control connection failed')
  const server = createServer(
    localTimeouts,
    contained((_request, response) => void response.writeHead(426).end(), failed),
  )
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
  })
  const handler = new RPCHandler(router)
  const limit = await listen(server, path, failed)
  const upgrade = containedUpgrade((request, connection, head) => {
    // A browser names the page's origin in every WebSocket; commands and windows of ours have none.
    if (request.headers.origin !== undefined) return void connection.destroy()
    sockets.handleUpgrade(request, connection, head, (socket) => {
      if (connection instanceof Socket) limit.markServed(connection)
      const actor = request.url === windowPath ? 'window' : 'command line'
      socket.on('error', failed)
      handler.upgrade(socket, { context: engine.contextFor(actor) }).catch(failed)
      socket.on('message', forgetFrame)
    })
  }, failed)
  server.on('upgrade', upgrade)
  return { close: () => closeAll(server, sockets) }
}

/** A frame may hold a key. By the next turn of the event loop the handler has made files or text of it. */
function forgetFrame(frame: RawData): void {
  setImmediate(() => {
    for (const bytes of [frame].flat()) Buffer.from(bytes as ArrayBuffer).fill(0)
  })
}

async function listen(server: Server, path: string, failed: Failed): Promise<ConnectionLimit> {
  try {
    if (process.platform !== 'win32') removeLeftOver(path)
    const limit = await keepListening(server, { path }, { mostConnections, failed })
    if (process.platform !== 'win32') chmodSync(path, 0o600)
    return limit
  } catch (error) {
    if (error instanceof EdgekeepError) throw error
    const { code = 'no' } = error as NodeJS.ErrnoException
    const reason = `the control socket in it cannot be opened, the system says ${code}`
    throw new EdgekeepError('home.unusable', { reason }, { cause: error })
  }
}

/** Only a socket can be a left-over of ours. Anything else is somebody's, and stays. */
function removeLeftOver(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) return
  if (!found.isSocket()) {
    const reason = 'control.sock in it is not a socket; move it elsewhere and try again'
    throw new EdgekeepError('home.unusable', { reason })
  }
  rmSync(path)
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.close(1001)
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeIdleConnections()
  setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), 500).unref()
  await promise
}
