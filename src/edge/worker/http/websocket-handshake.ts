import { hash, randomBytes } from 'node:crypto'
import type { Fields } from './fields.ts'
import { hasToken } from './headers.ts'
import type { EdgeRequest } from './request.ts'
import { valuesInLines, withoutLines } from './field-lines.ts'

/** Sec-WebSocket-Key among a request's header lines; null unless there is exactly one. */
export function handshakeKey({ lines }: Pick<EdgeRequest, 'lines'>): string | null {
  const keys = valuesInLines(lines, keyField)
  return keys.length === 1 ? keys[0]!.trim() : null
}

/** Converts a websocket request of RFC 8441, which has no key, to HTTP/1.1. */
export function withHandshakeKey(request: EdgeRequest): EdgeRequest {
  const key = randomBytes(16).toString('base64')
  const lines = `${withoutLines(request.lines, keyField)}${keyField}: ${key}\r\n`
  return { ...request, method: 'GET', lines }
}

/** Sec-WebSocket-Accept: proof that an origin has read the key and will switch (RFC 6455, section 4.2.2). */
export function handshakeProof(key: string): string {
  return hash('sha1', key + handshakeGuid, 'base64')
}

/**
 * Whether a 101 switches to the requested websocket (RFC 6455, section 4.1). An application that can be made
 * to respond with any status does not know the proof; as a tunnel, it would get unchecked requests.
 */
export function switchesToWebsocket(headers: Fields, key: string | null): boolean {
  const upgrade = onlyValue(headers, 'upgrade')
  const connection = onlyValue(headers, 'connection')
  if (upgrade?.toLowerCase() !== 'websocket' || !hasToken(connection ?? '', 'upgrade')) return false
  return key !== null && onlyValue(headers, 'sec-websocket-accept') === handshakeProof(key)
}

function onlyValue(headers: Fields, name: string): string | null {
  let found: string | null = null
  for (let at = 0; at < headers.count; at += 1) {
    if (!headers.isNamed(at, name)) continue
    if (found !== null) return null
    found = headers.value(at).trim()
  }
  return found
}

const keyField = 'sec-websocket-key'
const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
