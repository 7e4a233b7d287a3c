import type { Server, Socket } from 'node:net'
import { readFileSync } from 'node:fs'

/*
 * Threat: a program of this computer opens connections and leaves them idle until none are left for others.
 * Clients of the loopback are indistinguishable, so there are no shares: the connection that is idle for
 * longest gives way to a new one.
 */

export interface LimitOptions {
  most: number
  /** Whether a connection has a request in progress, and so counts as served. */
  isBusy?: (socket: Socket) => boolean
}

/** Connection under a TLS socket, in Node's private field; any other socket is its own. */
export function socketBelow(socket: Socket): Socket {
  return (socket as Socket & { _parent?: Socket })._parent ?? socket
}

interface Use {
  isMarked: boolean
  bytes: number
}

const sweepMs = 1000
/** Bounds the work for one new connection. */
const mostLooks = 16
/** While fewer are unserved, a served one gives way: newcomers would only displace each other. */
const unservedPart = 1 / 8

/** Keeps a server at `most` connections without refusing a new one. Call it before the server listens. */
export function limitConnections(server: Server, options: LimitOptions): ConnectionLimit {
  const limit = createConnectionLimit(options)
  limit.guard(server)
  return limit
}

export type ConnectionLimit = ReturnType<typeof createConnectionLimit>

/** Keeps all servers that it guards together at `most` connections without refusing a new one. */
export function createConnectionLimit({ most, isBusy = () => false }: LimitOptions) {
  const listening = new Set<Server>()
  let timer: ReturnType<typeof setInterval> | undefined
  // Each in the order of their last activity, the most idle first.
  const unserved = new Map<Socket, Use>()
  const served = new Map<Socket, Use>()

  /** Moves the socket to the right map; false: no traffic since the last check. */
  function place(socket: Socket, use: Use): boolean {
    const bytes = socket.bytesRead + socket.bytesWritten
    const isServed = use.isMarked || isBusy(socket)
    if (bytes === use.bytes && isServed === served.has(socket)) return false
    use.bytes = bytes
    remove(socket)
    const uses = isServed ? served : unserved
    uses.set(socket, use)
    return true
  }

  function remove(socket: Socket): void {
    if (!unserved.delete(socket)) served.delete(socket)
  }

  function mostIdle(): Socket | undefined {
    for (let looks = 1; ; looks += 1) {
      const uses = unserved.size > most * unservedPart || served.size === 0 ? unserved : served
      const [first] = uses
      if (!first || looks > mostLooks || !place(...first)) return first?.[0]
    }
  }

  /** The order matters only then. */
  function isNearlyFull(): boolean {
    return unserved.size + served.size >= most / 2
  }

  function sweep(): void {
    if (!isNearlyFull()) return stopSweeping()
    for (const uses of [unserved, served]) for (const [socket, use] of [...uses]) place(socket, use)
  }

  function add(socket: Socket): void {
    if (socket.destroyed) return
    if (unserved.size + served.size >= most) {
      const leaving = mostIdle()
      if (leaving) {
        // Its slot is free at once, though `close` comes later.
        remove(leaving)
        leaving.destroy()
      }
    }
    unserved.set(socket, { isMarked: false, bytes: 0 })
    if (isNearlyFull()) timer ??= setInterval(sweep, sweepMs).unref()
    socket.once('close', () => remove(socket))
  }

  function stopSweeping(): void {
    clearInterval(timer)
    timer = undefined
  }

  return {
    /** Counts the connections of `server` too. Call it before the server listens. */
    guard(server: Server) {
      server.on('connection', add)
      server.once('listening', () => {
        listening.add(server)
      })
      server.once('close', () => {
        listening.delete(server)
        if (listening.size === 0) stopSweeping()
      })
    },
    /** A connection that has what it came for gives way after those that have not. */
    markServed(socket: Socket) {
      const use = unserved.get(socket)
      if (!use) return
      use.isMarked = true
      place(socket, use)
    },
    close() {
      stopSweeping()
      for (const uses of [unserved, served]) for (const socket of uses.keys()) socket.destroy()
    },
  }
}

/**
 * Number of files and sockets that this process may have open at once, as `limits` (`/proc/self/limits`) has it;
 * infinite where the system has no such file or no limit.
 */
export function descriptorLimit(limits = ownLimits()): number {
  const soft = /^Max open files +(\d+) /m.exec(limits)?.[1]
  return soft === undefined ? Infinity : Number(soft)
}

function ownLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}
