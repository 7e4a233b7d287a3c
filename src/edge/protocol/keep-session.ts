import type { Http2Session } from 'node:http2'

/**
 * Keeps what Node holds of a session in memory until its streams are gone for certain.
 *
 * Node frees a destroyed stream one turn later. Where the garbage collector takes the session first and the
 * stream still has header fields that no frame ended (a peer sends half a block of trailers and then breaks
 * the protocol), `~Http2Session` finds their memory and aborts the process (nodejs/node#39951): one
 * connection would end all others. To be called for every session of `node:http2` as soon as it is made.
 */
export function keepSession(session: Http2Session): void {
  const keep = (): void => {
    const handle = handleOf(session)
    kept.add(handle)
    // The streams were destroyed before the session closed, and are freed in the turn after that.
    session.once('close', () => setImmediate(() => setImmediate(() => kept.delete(handle))))
  }
  if (session.connecting) session.once('connect', keep)
  else keep()
}

const kept = new Set<object>()

function handleOf(session: Http2Session): object {
  const key = Object.getOwnPropertySymbols(session).find(({ description }) => description === 'kHandle')
  const handle: unknown = key && (session as unknown as Record<symbol, unknown>)[key]
  if (typeof handle !== 'object' || handle === null)
    throw new Error('This version of Node keeps the handle of an HTTP/2 session elsewhere.')
  return handle
}
