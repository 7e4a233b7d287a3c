import { ListedFields } from '../http/fields.ts'
import type { MessageHead } from '../http/http-parser.ts'
import { handshakeProof } from '../http/websocket-handshake.ts'

/** Fields of an extended CONNECT (RFC 8441, section 5), without the handshake of HTTP/1.1. */
export function websocketFields(fields: readonly string[]): string[] {
  const connect = [':method', 'CONNECT', ':protocol', 'websocket']
  for (let at = 0; at < fields.length; at += 2) {
    if (fields[at] !== ':method' && fields[at] !== 'sec-websocket-key')
      connect.push(fields[at]!, fields[at + 1]!)
  }
  return connect
}

/** Converts the origin's 2xx to a 101 of HTTP/1.1, with the proof for `key`. */
export function switchingHead(head: MessageHead, key: string): MessageHead {
  const headers = ['connection', 'upgrade', 'upgrade', 'websocket', acceptField, handshakeProof(key)]
  const given = head.headers.list()
  for (let at = 0; at < given.length; at += 2) {
    // Meaningless in HTTP/2 (RFC 8441, section 5).
    if (given[at] !== acceptField) headers.push(given[at]!, given[at + 1]!)
  }
  return { ...head, status: 101, reason: 'Switching Protocols', headers: new ListedFields(headers) }
}

const acceptField = 'sec-websocket-accept'
