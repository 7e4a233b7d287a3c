import http, { type IncomingMessage, type RequestOptions } from 'node:http'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'

/** Where a request goes: over TLS with these settings, or in plain text. */
export interface Address {
  host: string
  port: number
  tls?: ConnectionOptions
}

/** An answer that switches protocols, which nobody asked for. */
export class UnaskedUpgrade extends Error {}

/**
 * A connection that is ready for a request. It ends with `deadline` whatever it does until then: what sends a
 * byte now and then would not be ended by silence.
 *
 * @throws what Node says of a connection or handshake that fails; the reason of `deadline`
 */
export function openSocket({ host, port, tls }: Address, deadline: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const socket = tls ? connectTls({ host, port, ...tls }) : connectTcp({ host, port })
  const end = (): void => {
    socket.destroy(deadline.reason as Error)
  }
  deadline.addEventListener('abort', end)
  socket.once(tls ? 'secureConnect' : 'connect', () => resolve(socket))
  // It stays: what goes wrong later is told by whoever uses the socket.
  socket.on('error', reject)
  socket.once('close', () => {
    deadline.removeEventListener('abort', end)
    reject(new Error('The connection was closed.'))
  })
  return promise
}

/**
 * Sends one request without a body over HTTP/1.1 and gives what `read` makes of its answer. The connection ends
 * with it.
 *
 * @throws what Node says of a connection that breaks; `UnaskedUpgrade`
 */
export async function ask<T>(
  socket: Socket,
  options: Pick<RequestOptions, 'method' | 'path' | 'headers'>,
  read: (response: IncomingMessage) => T | Promise<T>,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  // Without an `agent` (not even `false`), or `createConnection` would not be asked.
  const request = http.request({ ...options, createConnection: () => socket })
  request.once('response', (response) => {
    response.once('error', reject)
    void (async () => read(response))().then(resolve, reject)
  })
  request.once('upgrade', (_response, upgraded: Socket) => {
    upgraded.destroy()
    reject(new UnaskedUpgrade())
  })
  request.on('error', reject)
  request.once('close', () => reject(socket.errored ?? new Error('no answer')))
  request.end()
  try {
    return await promise
  } finally {
    request.destroy()
    socket.destroy()
  }
}
