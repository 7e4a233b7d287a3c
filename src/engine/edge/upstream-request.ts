import type { EdgeState } from './edge-state.ts'
import type { EdgeRequest } from './request.ts'
import type { UpstreamTarget } from './upstream.ts'

/**
 * A request's head for the origin: the fields that have been checked, what we say of the client
 * (RFC 7239 and its elders), and framing that is always our own.
 */
export function upstreamRequestHead(
  request: EdgeRequest,
  { hostHeader }: UpstreamTarget,
  { publicPorts, viaName }: Pick<EdgeState, 'publicPorts' | 'viaName'>,
): string {
  const proto = request.secure ? 'https' : 'http'
  const address = request.remoteAddress
  const node = address.includes(':') ? `"[${address}]"` : address
  return (
    `${request.method} ${request.target} HTTP/1.1\r\nhost: ${hostHeader}\r\n${request.lines}` +
    `x-forwarded-for: ${address}\r\nx-forwarded-proto: ${proto}\r\nx-forwarded-host: ${request.host}\r\n` +
    `x-forwarded-port: ${publicPorts[proto]}\r\n` +
    `forwarded: for=${node};host="${request.host}";proto=${proto}\r\n` +
    `via: ${request.via === '' ? '' : `${request.via}, `}1.1 ${viaName}\r\n` +
    `${framingLines(request)}\r\n`
  )
}

function framingLines(request: EdgeRequest): string {
  const { bodyLength } = request
  let lines = ''
  if (bodyLength > 0 || (bodyLength === 0 && methodsWithBody.has(request.method))) {
    lines += `content-length: ${bodyLength}\r\n`
  }
  if (bodyLength < 0) lines += 'transfer-encoding: chunked\r\n'
  if (request.expectsContinue) lines += 'expect: 100-continue\r\n'
  if (request.acceptsTrailers) lines += 'te: trailers\r\nconnection: te\r\n'
  if (request.upgrade) lines += `upgrade: ${request.upgrade}\r\nconnection: upgrade\r\n`
  return lines
}

/** Origins may insist on a length for these, even if it is 0 (RFC 9110, section 8.6). */
const methodsWithBody = new Set(['POST', 'PUT', 'PATCH'])
