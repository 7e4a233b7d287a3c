import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  ClientSessionRequestOptions,
  Http2Stream,
  OutgoingHttpHeaders,
  ServerHttp2Stream,
  ServerStreamResponseOptions,
} from 'node:http2'

/*
 * The one place that hands fields to node:http2, which throws on some of what a peer of HTTP/1.1 may say,
 * and on a stream that has just been closed. What cannot be sent is known here before it is tried; what Node
 * refuses all the same comes back as a reason and ends that stream alone. Nothing else of ours calls
 * `respond`, `additionalHeaders`, `sendTrailers` or `request` (`http2-sending.test.ts` looks).
 */

/** Why it was not sent; null where it was. */
type Unsent = string | null

/** Sends the head of a response: `:status` first, then names in lower case and values by turns. */
export function sendHead(
  stream: ServerHttp2Stream,
  fields: string[],
  options: ServerStreamResponseOptions & { sendDate: boolean },
): Unsent {
  if (isGone(stream)) return 'the stream is closed'
  return attempt(() => stream.respond(fields, options))
}

/** Sends an interim response (RFC 9110, section 15.2). One that HTTP/2 has no form for is left out. */
export function sendInterim(stream: ServerHttp2Stream, status: number, fields: string[]): Unsent {
  if (isGone(stream) || stream.headersSent || !isInterimStatus(status)) return null
  return attempt(() => stream.additionalHeaders({ ':status': status, ...merged(fields) }))
}

/** Sends trailers, or none. Wanted once in the life of a stream, by its event `wantTrailers`. */
export function sendTrailers(stream: ServerHttp2Stream | ClientHttp2Stream, trailers: string[]): Unsent {
  if (isGone(stream)) return 'the stream is closed'
  return attempt(() => stream.sendTrailers(merged(trailers)))
}

/** Opens a stream to an origin; the reason is a code of Node's. */
export function openRequest(
  session: ClientHttp2Session,
  fields: string[],
  options: ClientSessionRequestOptions,
): ClientHttp2Stream | string {
  try {
    return session.request(fields, options)
  } catch (error) {
    // Of a field of which there can be but one it takes no second, and of names and values only some.
    return codeOf(error)
  }
}

/** 101 switches protocols, for which HTTP/2 has its own way (RFC 9113, section 8.6). */
export function isInterimStatus(status: number): boolean {
  return status >= 100 && status < 200 && status !== 101
}

/**
 * Fields as Node's interim responses and trailers want them. One that comes again is one with a comma between
 * its values (RFC 9110, section 5.3), for of some Node takes no list; cookies alone may not be joined.
 */
function merged(fields: string[]): OutgoingHttpHeaders {
  // A field may have any name that is a token, and `__proto__` is one.
  const object = Object.create(null) as OutgoingHttpHeaders
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at]!
    const value = fields[at + 1]!
    const before = object[name]
    if (name === 'set-cookie')
      object[name] = before === undefined ? [value] : ([before, value].flat() as string[])
    else object[name] = before === undefined ? value : `${String(before)}, ${value}`
  }
  return object
}

function isGone(stream: Http2Stream): boolean {
  return stream.destroyed || stream.closed
}

function attempt(send: () => void): Unsent {
  try {
    send()
    return null
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
