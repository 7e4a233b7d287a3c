import type { Server, Socket } from 'node:net'

/*
 * Threat: a program of this computer opens connections and leaves them, until there is room for nobody else. Who
 * is behind a connection of the loopback cannot be told, so there are no shares: the one that has been silent for
 * longest gives way to a new one.
 */

/** Who is connected to a server. */
export interface Room {
  /** A connection that has what it came for gives way after all those that have not. */
  markServed(socket: Socket): void
  /** Ends all connections. */
  close(): void
}

interface Guest {
  isServed: boolean
  /** Bytes in both directions when it was last looked at. */
  bytes: number
  /** When bytes were last seen to pass, on the monotonic clock in milliseconds. */
  activeAt: number
}

const lookAgainMs = 1000

/** Keeps a server at `most` connections without refusing a new one. Call it before the server listens. */
export function roomFor(server: Server, most: number): Room {
  const guests = new Map<Socket, Guest>()
  const timer = setInterval(() => {
    for (const [socket, guest] of guests) look(socket, guest)
  }, lookAgainMs).unref()
  server.on('connection', (socket) => {
    if (guests.size >= most) {
      const leaving = mostIdle(guests)
      if (leaving) {
        // Its place is free at once, though it tells of its end later.
        guests.delete(leaving)
        leaving.destroy()
      }
    }
    guests.set(socket, { isServed: false, bytes: 0, activeAt: performance.now() })
    socket.once('close', () => guests.delete(socket))
  })
  server.once('close', () => clearInterval(timer))
  return {
    markServed(socket) {
      const guest = guests.get(socket)
      if (guest) guest.isServed = true
    },
    close() {
      clearInterval(timer)
      for (const socket of guests.keys()) socket.destroy()
    },
  }
}

function look(socket: Socket, guest: Guest): void {
  const bytes = socket.bytesRead + socket.bytesWritten
  if (bytes === guest.bytes) return
  guest.bytes = bytes
  guest.activeAt = performance.now()
}

function mostIdle(guests: Map<Socket, Guest>): Socket | undefined {
  let found: { socket: Socket; guest: Guest } | undefined
  for (const [socket, guest] of guests) {
    look(socket, guest)
    if (!found || givesWayBefore(guest, found.guest)) found = { socket, guest }
  }
  return found?.socket
}

function givesWayBefore(one: Guest, other: Guest): boolean {
  if (one.isServed !== other.isServed) return !one.isServed
  return one.activeAt < other.activeAt
}
