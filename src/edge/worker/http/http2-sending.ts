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
 * The only module that passes fields to node:http2, which throws on some fields that are valid in HTTP/1.1,
 * and on a stream that has just been closed. Known problems are detected before the call; other errors of
 * Node come back as a reason and end that stream alone. No other module calls `respond`, `additionalHeaders`,
 * `sendTrailers` or `request` (`http2-sending.test.ts` checks that).
 */

type Unsent = string | null

/** Sends the head of a response: `:status` first, then alternating names in lower case and values. */
export function sendHead(
  stream: ServerHttp2Stream,
  fields: string[],
  options: ServerStreamResponseOptions & { sendDate: boolean },
): Unsent {
  if (isGone(stream)) return 'the stream is closed'
  return attempt(() => stream.respond(fields, options))
}

/** Sends an interim response (RFC 9110, section 15.2). Those that HTTP/2 cannot express are left out. */
export function sendInterim(stream: ServerHttp2Stream, status: number, fields: string[]): Unsent {
  if (isGone(stream) || stream.headersSent || !isInterimStatus(status)) return null
  return attempt(() => stream.additionalHeaders({ ':status': status, ...merged(fields) }))
}

/** Sends trailers, or none. Required once for each stream, on its event `wantTrailers`. */
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
    // Node rejects duplicates of single-value fields, and some names and values.
    return codeOf(error)
  }
}

/** 101 switches protocols, for which HTTP/2 has its own way (RFC 9113, section 8.6). */
export function isInterimStatus(status: number): boolean {
  return status >= 100 && status < 200 && status !== 101
}

/**
 * Merges fields for Node's interim responses and trailers. Duplicates are joined by commas (RFC 9110, section
 * 5.3), because Node takes no list for some; only cookies must not be joined.
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
