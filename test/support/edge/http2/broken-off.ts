import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import type { Chance } from '../soak/chance.ts'
import { serve } from './beside-nghttp2.ts'
import { memorySockets, settle } from './memory-socket.ts'

/**
 * Sends `bytes` to the edge's HTTP/2 in pieces, over a socket that fails in the middle: it closes, ends, or
 * takes no more writes. Returns faults of the edge, and streams that were left open.
 */
export async function breakOff(bytes: Buffer, chance: Chance): Promise<{ faults: unknown[]; left: number }> {
  const [client, server] = memorySockets()
  const faults: unknown[] = []
  const endpoint = serve(server as Socket, faults)
  client.resume()
  const breaksAt = chance.below(bytes.length + 1)
  for (let at = 0; at < bytes.length && !client.destroyed;) {
    const end = Math.min(bytes.length, at + 1 + chance.below(chance.of([3, 40, 4_000])))
    client.write(bytes.subarray(at, end))
    if (at <= breaksAt && end > breaksAt) chance.of(breaks)(client, server)
    if (chance.below(3) === 0) await settle(1)
    at = end
  }
  await settle(6)
  client.destroy()
  server.destroy()
  await settle(3)
  return { faults, left: endpoint.streamCount }
}

const breaks: ((client: Duplex, server: Duplex) => unknown)[] = [
  (client) => client.destroy(),
  (_client, server) => server.destroy(new Error('ECONNRESET')),
  (client) => client.end(),
  (_client, server) => (server._write = (_bytes, _encoding, done) => done(new Error('EPIPE'))),
  (_client, server) => (server._write = () => undefined),
]
