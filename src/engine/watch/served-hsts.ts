import type { WatchedServer } from '../../contract/watch/watch.ts'
import { hostInUrl } from '../../domain/ip-address.ts'
import { ask, openSocket } from '../core/single-request.ts'
import { isIP } from 'node:net'

const timeoutMs = 10_000
/** Longest value that is stored. */
const mostCharacters = 200

/** Strict-Transport-Security of `HEAD /`; null without one, or without an answer. */
export async function hstsOf(address: string, { host, port }: WatchedServer): Promise<string | null> {
  const servername = isIP(host) === 0 ? host : ''
  const tls = { servername, ALPNProtocols: ['http/1.1'], rejectUnauthorized: false }
  const authority = `${hostInUrl(host)}${port === 443 ? '' : `:${port}`}`
  try {
    const socket = await openSocket({ host: address, port, tls }, AbortSignal.timeout(timeoutMs))
    const options = { method: 'HEAD', path: '/', headers: { host: authority, 'user-agent': 'Edgekeep' } }
    const value = await ask(socket, options, ({ headers }) => headers['strict-transport-security'])
    return value?.slice(0, mostCharacters) ?? null
  } catch {
    // The handshake was judged; without an answer to a request nothing is known of its headers.
    return null
  }
}
