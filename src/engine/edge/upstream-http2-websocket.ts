import { hash } from 'node:crypto'
import { ListedFields } from './fields.ts'
import type { MessageHead } from './http-parser.ts'

/** The fields of a request as those of an extended CONNECT (RFC 8441, section 5): without the handshake of HTTP/1.1. */
export function websocketFields(fields: readonly string[]): string[] {
  const connect = [':method', 'CONNECT', ':protocol', 'websocket']
  for (let at = 0; at < fields.length; at += 2) {
    if (fields[at] !== ':method' && fields[at] !== 'sec-websocket-key')
      connect.push(fields[at]!, fields[at + 1]!)
  }
  return connect
}

/** The origin's consent as HTTP/1.1 has it, with the proof that a client there wants (RFC 6455, section 4.2.2). */
export function switchingHead(head: MessageHead, key: string): MessageHead {
  const accept = hash('sha1', key.trim() + handshakeGuid, 'base64')
  const headers = ['upgrade', 'websocket', 'sec-websocket-accept', accept, ...head.headers.list()]
  return { ...head, status: 101, reason: 'Switching Protocols', headers: new ListedFields(headers) }
}

const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
