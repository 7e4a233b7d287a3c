import type { EdgeRequest } from '../http/request.ts'
import type { EdgeIdentity } from './upstream-carrier.ts'
import type { UpstreamTarget } from './upstream-target.ts'

/** Head for the origin: validated fields, facts about the client, and the edge's own framing. */
export function upstreamRequestHead(
  request: EdgeRequest,
  { hostHeader }: UpstreamTarget,
  identity: EdgeIdentity,
): string {
  return (
    `${request.method} ${request.target} HTTP/1.1\r\nhost: ${hostHeader}\r\n${request.lines}` +
    `${ourLines(request, identity)}${framingLines(request)}\r\n`
  )
}

/** Same as `upstreamRequestHead` for HTTP/2: alternating names and values. */
export function upstreamHttp2Fields(
  request: EdgeRequest,
  { hostHeader, tls }: UpstreamTarget,
  identity: EdgeIdentity,
): string[] {
  const scheme = tls ? 'https' : 'http'
  const fields = [':method', request.method, ':scheme', scheme, ':authority', hostHeader]
  fields.push(':path', request.target)
  const lines = request.lines + ourLines(request, identity)
  for (let at = 0; at < lines.length;) {
    const colon = lines.indexOf(':', at)
    const end = lines.indexOf('\r\n', colon)
    fields.push(lines.slice(at, colon).toLowerCase(), lines.slice(colon + 1, end).trim())
    at = end + 2
  }
  if (sendsLength(request)) fields.push('content-length', String(request.bodyLength))
  if (request.expectsContinue) fields.push('expect', '100-continue')
  if (request.acceptsTrailers) fields.push('te', 'trailers')
  return fields
}

function ourLines(request: EdgeRequest, { publicPorts, viaName }: EdgeIdentity): string {
  return (
    `${request.forwardedLines}x-forwarded-port: ${publicPorts[request.secure ? 'https' : 'http']}\r\n` +
    `${request.identityLines}via: ${request.via === '' ? '' : `${request.via}, `}1.1 ${viaName}\r\n`
  )
}

function framingLines(request: EdgeRequest): string {
  let lines = ''
  if (sendsLength(request)) lines += `content-length: ${request.bodyLength}\r\n`
  if (request.bodyLength < 0) lines += 'transfer-encoding: chunked\r\n'
  if (request.expectsContinue) lines += 'expect: 100-continue\r\n'
  if (request.acceptsTrailers) lines += 'te: trailers\r\nconnection: te\r\n'
  if (request.upgrade) lines += `upgrade: ${request.upgrade}\r\nconnection: upgrade\r\n`
  return lines
}

function sendsLength({ bodyLength, method }: EdgeRequest): boolean {
  return bodyLength > 0 || (bodyLength === 0 && methodsWithBody.has(method))
}

/** Origins may insist on a length for these, even if it is 0 (RFC 9110, section 8.6). */
const methodsWithBody = new Set(['POST', 'PUT', 'PATCH'])
