import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { createClient, type Client, type Frames } from '../client/client.ts'
import { EdgekeepError } from '../contract/errors/registry.ts'
import type { Home } from './home.ts'

export interface Connection {
  client: Client
  frames: Frames
  close(): Promise<void>
}

/** Timeout of an answer; a live engine answers in milliseconds. */
const answerTimeoutMs = 3000

/**
 * Connects to the engine of this home; null if none runs. `path` is the kind of caller.
 *
 * @throws `engine.busy` if one has the socket but does not answer
 */
export async function connectEngine(home: Home, path = '/'): Promise<Connection | null> {
  const socket = await openControlSocket(home, path)
  if (!socket) return null
  const frames = socket as unknown as Frames
  return { client: createClient(frames), frames, close: () => closeSocket(socket) }
}

/**
 * Opens the WebSocket under `connectEngine`, for callers that only pass its frames on. Without a socket, the
 * answer takes no turn of the event loop: Electron gives none before its first window is made.
 */
export async function openControlSocket(
  home: Home,
  path = '/',
  timeoutMs = answerTimeoutMs,
): Promise<WebSocket | null> {
  if (process.platform !== 'win32' && !existsSync(home.socketPath)) return null
  const socket = new WebSocket(`ws://edgekeep${path}`, {
    // The connection enforces the handshake timeout, since ws does not with `createConnection`.
    createConnection: () => connect({ path: home.socketPath, timeout: timeoutMs }),
    handshakeTimeout: timeoutMs,
    perMessageDeflate: false,
  })
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.off('error', onError)
      // `close` follows and is handled; without a listener the error would end the process.
      socket.on('error', () => undefined)
      resolve(socket)
    })
    const onError = (error: NodeJS.ErrnoException) => {
      if (noneListens(error)) resolve(null)
      else reject(asConnectError(error))
    }
    socket.once('error', onError)
  })
}

/** Whether an engine holds its control socket but does not answer on it within `withinMs`. */
export async function isEngineStuck(home: Home, withinMs: number): Promise<boolean> {
  try {
    const socket = await openControlSocket(home, '/', withinMs)
    socket?.terminate()
    return false
  } catch (error) {
    return error instanceof EdgekeepError && error.code === 'engine.busy'
  }
}

function closeSocket(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve()
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.close()
  return closed
}

/** ECONNREFUSED: the socket file of a killed engine. ECONNRESET: one that dies at this moment. */
function noneListens(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET'
}

function asConnectError(error: NodeJS.ErrnoException): EdgekeepError {
  if (error.code === 'EACCES') {
    return new EdgekeepError(
      'home.unusable',
      { reason: 'this user may not use its control socket' },
      { cause: error },
    )
  }
  return new EdgekeepError('engine.busy', {}, { cause: error })
}
