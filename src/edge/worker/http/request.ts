import type { Fields } from './fields.ts'
import { namedHost, type Arrival, type ClientCertificate, type NamedHost } from './arrival.ts'
import type { MessageHead } from './http-parser.ts'
import type { Problem } from './pages.ts'
import { hasToken } from './headers.ts'
import { readRequestFields, type RequestFields } from './request-fields.ts'

/** Validated request without hop-by-hop fields, safe to pass on. */
export interface EdgeRequest extends NamedHost {
  method: string
  /** Origin form, or `*`. */
  target: string
  secure: boolean
  remoteAddress: string
  serverName: string | null
  clientCertificate: ClientCertificate | null
  /** Header lines about the client's certificate for the origin, set once the domain's policy is known. */
  identityLines: string
  /** Header lines for the origin, without Host, framing and the edge's own fields. */
  lines: string
  /** Bytes of the body; 0 for none; -1 for an unknown length. */
  bodyLength: number
  expectsContinue: boolean
  acceptsTrailers: boolean
  /** `websocket`, the only supported protocol, or null. */
  upgrade: 'websocket' | null
  /** The request authenticates its connection, and not only itself; see `bindsConnection`. */
  bindsConnection: boolean
  via: string
  accept: string
}

/** Validates an HTTP/1 request; a `Problem` is answered and the connection closed. */
export function readHttp1Request(head: MessageHead, arrival: Arrival): EdgeRequest | Problem {
  const fields = readRequestFields(head.headers)
  const bodyLength = http1BodyLength(fields, head.minorVersion)
  if (bodyLength === null) return bad('Its length is given in a way that could be read differently by others')
  const named = http1Target(head, fields, arrival)
  if (typeof named === 'string') return bad(named)
  const problem = methodProblem(head.method)
  if (problem) return problem
  const upgrade = isWebsocket(fields, head, bodyLength) ? 'websocket' : null
  return finish(
    head.method,
    named.target,
    named.named,
    arrival,
    fields,
    bodyLength,
    upgrade,
    head.minorVersion === 1,
  )
}

/** Validates an HTTP/2 request of checked form; `from` is the index of its first field. */
export function readHttp2Request(
  pseudo: { method: string; path: string; authority: string; protocol: string },
  headers: Fields,
  from: number,
  endsWithHead: boolean,
  arrival: Arrival,
): EdgeRequest | Problem {
  // Second check besides the decoder's: a line break of HTTP/2 would become a line of HTTP/1.1.
  if (lineBreakPattern.test(headers.list().join(''))) return bad('A header field breaks its line')
  const fields = readRequestFields(headers, from)
  const host = pseudo.authority !== '' ? pseudo.authority : (fields.hosts[0] ?? '')
  if (fields.hosts.length > 1 || (fields.hosts.length === 1 && !sameHost(fields.hosts[0]!, host))) {
    return bad('It names two hosts')
  }
  const named = namedHost(host, arrival)
  if (!named) return bad('Its host is not a host name with an optional port')
  // RFC 8441, section 4: only CONNECT names a protocol.
  const upgrade = pseudo.protocol === 'websocket' && pseudo.method === 'CONNECT' ? 'websocket' : null
  const problem = upgrade === null ? methodProblem(pseudo.method) : null
  // A CONNECT without a protocol has no path.
  if (problem) return problem
  if (!isPlainTarget(pseudo.path, pseudo.method)) return bad('Its path is malformed')
  if (fields.transferEncoding !== null || fields.connection !== '') return bad('It has fields of HTTP/1.1')
  if (fields.contentLength !== null && !lengthPattern.test(fields.contentLength))
    return bad('Its length is malformed')
  const stated = fields.contentLength === null ? -1 : Number(fields.contentLength)
  const bodyLength = upgrade !== null || endsWithHead ? 0 : stated
  return finish(pseudo.method, pseudo.path, named, arrival, fields, bodyLength, upgrade, true)
}

function finish(
  method: string,
  target: string,
  named: NamedHost,
  arrival: Arrival,
  fields: RequestFields,
  bodyLength: number,
  upgrade: 'websocket' | null,
  knowsInformational: boolean,
): EdgeRequest | Problem {
  if (fields.expect !== '' && fields.expect !== '100-continue') {
    return { status: 417, sentence: 'The only expectation that can be met here is 100-continue.' }
  }
  return {
    method,
    target,
    host: named.host,
    hostname: named.hostname,
    forwardedLines: named.forwardedLines,
    secure: arrival.secure,
    remoteAddress: arrival.remoteAddress,
    serverName: arrival.serverName,
    clientCertificate: arrival.clientCertificate,
    identityLines: '',
    lines: fields.lines,
    bodyLength,
    expectsContinue: fields.expect !== '' && knowsInformational && bodyLength !== 0,
    acceptsTrailers: fields.te !== '' && hasToken(fields.te, 'trailers'),
    upgrade,
    bindsConnection: fields.bindsConnection,
    via: fields.via,
    accept: fields.accept,
  }
}

/** Body length by RFC 9112, section 6.3; null for everything doubtful. */
function http1BodyLength(fields: RequestFields, minorVersion: number): number | null {
  if (fields.transferEncoding !== null) {
    const isChunked = fields.transferEncoding.toLowerCase() === 'chunked'
    return isChunked && minorVersion === 1 && fields.contentLength === null ? -1 : null
  }
  if (fields.contentLength === null) return 0
  return lengthPattern.test(fields.contentLength) ? Number(fields.contentLength) : null
}

/** Target and host by RFC 9112, section 3.2, or the problem with them. */
function http1Target(
  head: MessageHead,
  fields: RequestFields,
  arrival: Arrival,
): { target: string; named: NamedHost } | string {
  if (fields.hosts.length > 1) return 'It has more than one Host field'
  const host = fields.hosts[0] ?? (head.minorVersion === 0 ? arrival.serverName : null)
  if (host === null) return 'It has no Host field'
  const named = namedHost(host, arrival)
  if (!named) return 'Its Host field is not a host name with an optional port'
  if (head.method === 'CONNECT') return { target: '/', named }
  if (isPlainTarget(head.target, head.method)) return { target: head.target, named }
  const absolute = absolutePattern.exec(head.target)
  if (!absolute) return 'Its target is neither a path nor a URL'
  if ((absolute[1]!.toLowerCase() === 'https') !== arrival.secure)
    return 'Its target has another scheme than the connection'
  // The target's host counts, whatever the Host field contains (RFC 9112, section 3.2.2).
  const meant = namedHost(absolute[2]!, arrival)
  if (!meant) return 'The host in its target is malformed'
  const path = absolute[3] ?? ''
  const target = path.startsWith('/') ? path : head.method === 'OPTIONS' && path === '' ? '*' : `/${path}`
  return { target, named: meant }
}

function isPlainTarget(target: string, method: string): boolean {
  return pathPattern.test(target) || (target === '*' && method === 'OPTIONS')
}

function isWebsocket(fields: RequestFields, head: MessageHead, bodyLength: number): boolean {
  return (
    fields.upgrade.toLowerCase() === 'websocket' &&
    head.method === 'GET' &&
    head.minorVersion === 1 &&
    bodyLength === 0 &&
    hasToken(fields.connection, 'upgrade')
  )
}

function sameHost(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function bad(what: string): Problem {
  return { status: 400, sentence: `The request cannot be passed on. ${what}.` }
}

/**
 * Reason for refusing a method, or null. One rule for all versions of HTTP: the registered methods of HTTP
 * and its extensions that llhttp reads, in their registered case (RFC 9110, section 9.1). It excludes
 * everything that an HTTP/1.1 origin would read as the end of the request line, as another protocol or as
 * another method than the edge has judged.
 */
function methodProblem(method: string): Problem | null {
  if (passedMethods.has(method)) return null
  if (method === 'CONNECT') return noTunnels
  if (method === 'TRACE') return noTrace
  return methodPattern.test(method) ? unknown : malformed
}

export const passedMethods: ReadonlySet<string> = new Set(
  (
    'GET HEAD POST PUT PATCH DELETE OPTIONS QUERY ' +
    // WebDAV and its extensions, caches and UPnP.
    'COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK BIND REBIND UNBIND ACL REPORT MKACTIVITY CHECKOUT ' +
    'MERGE MKCALENDAR LINK UNLINK PURGE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE'
  ).split(' '),
)

const noTunnels: Problem = { status: 501, sentence: 'This server makes no tunnels.' }
const noTrace: Problem = {
  status: 405,
  sentence: 'TRACE is not allowed here, because it would show what is between you and the origin.',
}
const unknown: Problem = { status: 501, sentence: 'This server passes no requests with this method on.' }
const malformed: Problem = {
  status: 400,
  sentence: 'The request cannot be passed on. Its method is malformed.',
}

/** RFC 9110, section 5.6.2. */
const methodPattern = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,32}$/

export function pathOf(target: string): string {
  return target.split('?', 1)[0]!
}

const lengthPattern = /^\d{1,15}$/
/** Visible ASCII without "#": a fragment never belongs in a request. */
const pathPattern = /^\/[!"$-~]*$/
const absolutePattern = /^(https?):\/\/([^/?#]*)([/?][!"$-~]*)?$/i
const lineBreakPattern = /[\r\n\0]/
