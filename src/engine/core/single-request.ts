import http, { type IncomingMessage, type RequestOptions } from 'node:http'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'

/** Destination of a request: over TLS with these settings, or in plain text. */
export interface Address {
  host: string
  port: number
  tls?: ConnectionOptions
}

/** Protocol switch in a response to a request without Upgrade. */
export class UnaskedUpgrade extends Error {}

/**
 * Opens a connection for a request. `deadline` ends it in any state: an idle timeout would not stop a server
 * that sends a byte now and then.
 * @throws Node's error of a failed connection or handshake; the reason of `deadline`
 */
export function openSocket({ host, port, tls }: Address, deadline: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const socket = tls ? connectTls({ host, port, ...tls }) : connectTcp({ host, port })
  const end = (): void => {
    socket.destroy(deadline.reason as Error)
  }
  deadline.addEventListener('abort', end)
  socket.once(tls ? 'secureConnect' : 'connect', () => resolve(socket))
  // The listener stays: later errors are handled by the socket's user.
  socket.on('error', reject)
  socket.once('close', () => {
    deadline.removeEventListener('abort', end)
    reject(new Error('The connection was closed.'))
  })
  return promise
}

/**
 * Sends one request without a body over HTTP/1.1 and returns the result of `read` for its response, then
 * closes the connection.
 * @throws Node's error of a broken connection; `UnaskedUpgrade`
 */
export async function ask<T>(
  socket: Socket,
  options: Pick<RequestOptions, 'method' | 'path' | 'headers'>,
  read: (response: IncomingMessage) => T | Promise<T>,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  // Any `agent`, even `false`, would bypass `createConnection`.
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
