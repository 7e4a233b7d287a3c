import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { ListenOptions, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { limitConnections, socketBelow, type ConnectionLimit } from './connection-limit.ts'

/*
 * Threat: a client of a listener sends any data at any rate. That may end its own request. It must not end
 * the process: an engine that restarts under a passphrase is locked, and the engine ends with the command
 * that runs it.
 */

/** Logs an error. Must not throw. */
export type Failed = (error: unknown) => void

const sayAgainMs = 1000

/** Answers 500 for a request whose handler throws or rejects, and calls `failed`. */
export function contained(
  handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
  failed: Failed,
): RequestListener {
  return (request, response) => {
    const run = async () => handle(request, response)
    run().catch((error: unknown) => {
      failed(error)
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end()
    })
  }
}

/** Ends the connection of an upgrade whose handler throws, and calls `failed`. */
export function containedUpgrade(
  handle: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
  failed: Failed,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    // An error of the connection ends it; only its `close` is handled.
    socket.on('error', () => undefined)
    try {
      handle(request, socket, head)
    } catch (error) {
      failed(error)
      socket.destroy()
    }
  }
}

/**
 * Listens with at most `mostConnections`: beyond them the most idle one gives way, first of those without a
 * request. Rejects with the system's error if it cannot listen. A later error, such as no descriptor left to
 * accept with, goes to `failed`, once a second at most; without a listener it would end the process.
 */
export async function keepListening(
  server: Server,
  where: ListenOptions,
  { mostConnections, failed }: { mostConnections: number; failed: Failed },
): Promise<ConnectionLimit> {
  const limit = limitConnections(server, { most: mostConnections, isBusy: requestsOf(server) })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(where, resolve)
  await promise
  server.off('error', reject)
  let reportedAt = -Infinity
  server.on('error', (error) => {
    if (performance.now() - reportedAt < sayAgainMs) return
    reportedAt = performance.now()
    failed(error)
  })
  return limit
}

/** Tracks requests; the result tells whether a connection has an unanswered one. */
function requestsOf(server: Server): (socket: Socket) => boolean {
  const busy = new WeakSet<Socket>()
  server.on('request', ({ socket }, response) => {
    const below = socketBelow(socket)
    busy.add(below)
    response.once('close', () => busy.delete(below))
  })
  return (socket) => busy.has(socket)
}

/** Timeouts in milliseconds of a server for this computer, whose clients are near. */
export const localTimeouts = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  /** Wakes the process even without a connection. */
  connectionsCheckingInterval: 5000,
}
