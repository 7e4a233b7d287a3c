import { connect } from 'node:tls'
import type { ObtainEvent } from '../../../src/contract/acme/acme.ts'
import type { Client } from '../../../src/client/client.ts'
import { openTestEngine, originAt, testEdge, temporaryFolder, type TestEngine } from '../engine/engine.ts'
import { startPebble, type Pebble, type PebbleOptions } from './pebble.ts'

/** Engine with an edge whose ports a Pebble validates, and an account there. */
export interface AcmeEngine extends TestEngine {
  pebble: Pebble
  ports: { https: number; http: number }
}

export async function openAcmeEngine(options: PebbleOptions = {}, clock?: () => Date): Promise<AcmeEngine> {
  const opened = await openTestEngine(temporaryFolder(), clock, testEdge)
  const status = opened.engine.context.parts.supervisor?.status()
  const ports = { https: status?.https?.port ?? 0, http: status?.http?.port ?? 0 }
  const pebble = await startPebble({ httpPort: ports.http, tlsPort: ports.https, ...options })
  if (!pebble) throw new Error('There is no Pebble')
  const { directoryUrl: directory, rootPem: rootsPem } = pebble
  if (!options.bindingKeys)
    await opened.client.acme.addAccount({ name: 'Pebble', directory, rootsPem, agreed: true })
  return {
    ...opened,
    pebble,
    ports,
    async close() {
      await opened.close()
      await pebble.close()
    },
  }
}

/** Adds a domain and gets it a certificate; answers with the states of the order. */
export async function obtain(
  client: Client,
  domain: string,
  wish: {
    challenge?: 'http-01' | 'tls-alpn-01' | 'dns-01'
    dnsMethod?: string
    profile?: string
    keyType?: 'p256' | 'p384' | 'rsa2048'
  } = {},
  names: string[] = [],
): Promise<string[]> {
  const known = await client.domains.list()
  if (!known.some(({ name }) => name === domain))
    await client.domains.add({ name: domain, origin: originAt(9) })
  const states: string[] = []
  const events: AsyncIterable<ObtainEvent> = await client.acme.obtain({
    domain,
    names,
    account: 'Pebble',
    wish,
  })
  for await (const event of events) states.push(event.type === 'state' ? event.state : event.type)
  return states
}

/** Connects by SNI; returns the served certificate and the agreed protocol. */
export function shownAt(
  port: number,
  servername: string,
  ALPNProtocols: string[] = ['http/1.1'],
): Promise<{ fingerprint: string; notAfter: Date; alpn: string | false | null }> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof shownAt>>>()
  const socket = connect(
    { port, host: '127.0.0.1', servername, ALPNProtocols, rejectUnauthorized: false },
    () => {
      const certificate = socket.getPeerX509Certificate()
      if (!certificate) return reject(new Error('No certificate was shown'))
      resolve({
        fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
        notAfter: certificate.validToDate,
        alpn: socket.alpnProtocol,
      })
      socket.end()
    },
  )
  socket.on('error', reject)
  return promise
}
