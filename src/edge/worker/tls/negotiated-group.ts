import type { TLSSocket } from 'node:tls'
import { groupNames } from './hello-facts.ts'

/**
 * Group of a server's TLS 1.3 handshake. Node tells it to clients alone, so it is read from the session, whose
 * last element is `[19] kex_group` (OpenSSL, ssl_asn1.c). Null before 1.3, whose sessions hold a master key.
 */
export function negotiatedGroup(socket: TLSSocket): string | null {
  const session = socket.getProtocol() === 'TLSv1.3' ? socket.getSession() : undefined
  if (!session) return null
  const [at, octets] = [session.lastIndexOf(0xb3), session.length - session.lastIndexOf(0xb3) - 4]
  const isGroup = at > 0 && octets > 0 && octets <= 2 && session[at + 2] === 0x02
  const group = isGroup ? session.readUIntBE(at + 4, octets) : 0
  session.fill(0)
  return groupNames[group] ?? null
}
