import type { Http2Session } from 'node:http2'

/**
 * Keeps Node's handle of a session in memory until its streams are freed.
 *
 * Node frees a destroyed stream one turn later. If the garbage collector takes the session first and the
 * stream still has header fields that no frame ended (a peer sends half a block of trailers and then breaks
 * the protocol), `~Http2Session` finds their memory and aborts the process (nodejs/node#39951): one
 * connection would end all others. Every session of `node:http2` needs this call right after its creation.
 */
export function keepSession(session: Http2Session): void {
  const keep = (): void => {
    const handle = handleOf(session)
    retainedHandles.add(handle)
    // Node destroys the streams before the session closes and frees them in the next turn.
    session.once('close', () => setImmediate(() => setImmediate(() => retainedHandles.delete(handle))))
  }
  if (session.connecting) session.once('connect', keep)
  else keep()
}

const retainedHandles = new Set<object>()

function handleOf(session: Http2Session): object {
  const key = Object.getOwnPropertySymbols(session).find(({ description }) => description === 'kHandle')
  const handle: unknown = key && (session as unknown as Record<symbol, unknown>)[key]
  if (typeof handle !== 'object' || handle === null)
    throw new Error('This version of Node keeps the handle of an HTTP/2 session elsewhere.')
  return handle
}
