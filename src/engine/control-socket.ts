import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { Socket } from 'node:net'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer, type RawData } from 'ws'
import { agentPath, windowPath } from '../contract/engine/control-address.ts'
import { EdgekeepError } from '../contract/errors/registry.ts'
import type { ConnectionLimit } from '../platform/listeners/connection-limit.ts'
import {
  contained,
  containedUpgrade,
  keepListening,
  localTimeouts,
  type Failed,
} from '../platform/listeners/keep-listening.ts'
import type { Actor } from './core/core.ts'
import type { Engine } from './engine.ts'
import { router } from './router.ts'

const actors = new Map<string | undefined, Actor>([
  [windowPath, 'window'],
  [agentPath, 'agent'],
])

export type ControlSocket = Awaited<ReturnType<typeof openControlSocket>>

/** Contract's limit for an upload, with room for framing. */
const maxFrameBytes = 32 * 1024 * 1024
/** Enough for the windows and commands of one person. */
const mostConnections = 256

/**
 * Serves the contract over WebSocket frames on a Unix socket (0600) or named pipe. The file's mode and its
 * folder's (0700) are the whole authentication: only this user can open it, and no web page can reach it.
 * Removes the socket of a killed engine: the caller holds the vault's lock, so no living engine owns it.
 * @throws `home.unusable`
 */
export async function openControlSocket(path: string, engine: Engine) {
  const { log } = engine.context.parts
  const failed: Failed = (error) => log.warn({ err: error }, 'Control connection failed')
  const server = createServer(
    localTimeouts,
    contained((_request, response) => void response.writeHead(426).end(), failed),
  )
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes, perMessageDeflate: false })
  const handler = new RPCHandler(router)
  const limit = await listen(server, path, failed)
  const upgrade = containedUpgrade((request, connection, head) => {
    // Browsers send the page's origin in every WebSocket request; commands and windows of Edgekeep send none.
    if (request.headers.origin !== undefined) return void connection.destroy()
    sockets.handleUpgrade(request, connection, head, (socket) => {
      if (connection instanceof Socket) limit.markServed(connection)
      const actor = actors.get(request.url) ?? 'command line'
      socket.on('error', failed)
      const context = engine.contextFor(actor)
      handler.upgrade(socket, { context }).catch(failed)
      socket.on('close', () => engine.disconnected(context))
      socket.on('message', forgetFrame)
    })
  }, failed)
  server.on('upgrade', upgrade)
  return { close: (code = 1001) => closeAll(server, sockets, code) }
}

/** Zeroes a frame, which may contain a key, in the next turn, after the handler has copied it. */
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

/** Removes only a socket: any other file is not Edgekeep's. */
function removeLeftOver(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) return
  if (!found.isSocket()) {
    const reason = 'control.sock in it is not a socket; move it elsewhere and try again'
    throw new EdgekeepError('home.unusable', { reason })
  }
  rmSync(path)
}

async function closeAll(server: Server, sockets: WebSocketServer, code: number): Promise<void> {
  for (const socket of sockets.clients) socket.close(code)
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeIdleConnections()
  setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), 500).unref()
  await promise
}
