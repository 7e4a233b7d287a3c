import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../../../../support/pki/certificates.ts'
import { exchangeBytes, routeTo } from '../../../../support/edge/edge.ts'
import { startOrigin, startRawOrigin } from '../../../../support/edge/origin.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'
import type { Route } from '../../../../../src/edge/protocol/snapshot.ts'

const authority = createTestAuthority()
const leafFor = (...names: string[]): TestLeaf => issueTestLeaf(authority, { names })

describe('TLS at the edge', () => {
  const leaves = {
    shop: leafFor('shop.test'),
    wild: leafFor('*.shop.test'),
    exact: leafFor('www.shop.test'),
    rsa: issueTestLeaf(authority, { names: ['rsa.test'], key: 'rsa' }),
  }

  const edge = edgeWithOrigin(
    () => startOrigin((request, response) => response.end(`${request.headers.host}`)),
    { routes, leaves },
  )

  function routes(): Route[] {
    return [
      routeTo(edge.origin.port),
      routeTo(edge.origin.port, { domain: '*.shop.test', certificateId: 'wild' }),
      routeTo(edge.origin.port, { domain: 'www.shop.test', certificateId: 'exact' }),
      routeTo(edge.origin.port, { domain: 'rsa.test', certificateId: 'rsa' }),
      routeTo(edge.origin.port, { domain: 'paused.test', certificateId: null }),
    ]
  }

  const connect = (servername: string, more = {}) =>
    edge.connect({ servername, ca: authority.certificatePem, ...more })
  const fingerprint = (socket: TLSSocket) =>
    socket.getPeerX509Certificate()!.fingerprint256.replaceAll(':', '').toLowerCase()

  async function alertFor(options: object): Promise<string> {
    const socket = connectTls({ host: '127.0.0.1', port: edge.https, rejectUnauthorized: false, ...options })
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
    return error.code ?? ''
  }

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'presents the certificate of the name asked for, in %s',
    async (version) => {
      for (const [name, leaf] of [
        ['shop.test', leaves.shop],
        ['SHOP.test', leaves.shop],
        ['www.shop.test', leaves.exact],
        ['cart.shop.test', leaves.wild],
        ['rsa.test', leaves.rsa],
      ] as const) {
        const socket = await connect(name, { minVersion: version, maxVersion: version })
        expect(fingerprint(socket)).toBe(leaf.fingerprintSha256)
        socket.destroy()
      }
    },
  )

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'refuses unknown and paused names with unrecognized_name, in %s',
    async (maxVersion) => {
      for (const servername of ['other.test', 'paused.test', 'a.b.shop.test', 'test']) {
        expect(await alertFor({ servername, maxVersion })).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME')
      }
    },
  )

  test('refuses a handshake without a server name and shows no certificate', async () => {
    expect(await alertFor({})).toMatch(/MISSING_EXTENSION/)
    expect(await alertFor({ maxVersion: 'TLSv1.2' })).toMatch(/HANDSHAKE_FAILURE/)
  })

  test('refuses a client that speaks neither h2 nor http/1.1', async () => {
    expect(await alertFor({ servername: 'shop.test', ALPNProtocols: ['spdy/3'] })).toMatch(
      /NO_APPLICATION_PROTOCOL/,
    )
  })

  test('refuses TLS 1.1', async () => {
    const options = {
      servername: 'shop.test',
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    }
    expect(await alertFor(options)).toMatch(/PROTOCOL_VERSION|NO_PROTOCOLS/)
  })

  test('answers 421 to a Host that is not the name of the handshake', async () => {
    const socket = await connect('shop.test')
    const answer = await exchangeBytes(
      socket,
      'GET / HTTP/1.1\r\nHost: www.shop.test\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 421 /)
    expect(answer).toContain('This connection was made for shop.test, not for www.shop.test.')
  })

  test('lets a client go at once that leaves in the middle of a handshake', async () => {
    const hello = await clientHello('shop.test')
    const socket = connectTcp({ port: edge.https, host: '127.0.0.1', allowHalfOpen: true })
    socket.write(hello)
    await once(socket, 'data')
    socket.resume()
    socket.end()
    const closed = once(socket, 'close').then(() => 'closed')
    expect(await Promise.race([closed, setTimeout(5_000, 'still open', { ref: false })])).toBe('closed')
  })

  test('swaps a certificate on the next handshake and keeps open connections', async () => {
    const open = await connect('shop.test')
    const next = leafFor('shop.test')
    edge.apply({ leaves: { ...leaves, shop: next } })
    const after = await connect('shop.test')
    expect(fingerprint(after)).toBe(next.fingerprintSha256)
    after.destroy()
    const answer = await exchangeBytes(open, 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    edge.apply({ leaves })
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'resumes a session, but not across a change of certificate, in %s',
    async (maxVersion) => {
      const session = await sessionOf('shop.test', maxVersion)
      expect(await resumes('shop.test', session, maxVersion)).toBe(true)
      edge.apply({ routes: routes() })
      expect(await resumes('shop.test', session, maxVersion)).toBe(true)
      edge.apply({ leaves: { ...leaves, shop: leafFor('shop.test') } })
      expect(await resumes('shop.test', session, maxVersion)).toBe(false)
      edge.apply({ leaves })
    },
  )

  test('does not resume when a domain changes to a certificate that was there before', async () => {
    const session = await sessionOf('shop.test', 'TLSv1.3')
    const changed = routes().map((route) =>
      route.domain === 'shop.test' ? { ...route, certificateId: 'wild' } : route,
    )
    edge.apply({ routes: changed })
    expect(await resumes('shop.test', session, 'TLSv1.3')).toBe(false)
    edge.apply({ routes: routes() })
  })

  async function sessionOf(servername: string, maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<Buffer> {
    const socket = await connect(servername, { maxVersion, rejectUnauthorized: false })
    // TLS 1.3 sends its tickets after the handshake.
    if (maxVersion === 'TLSv1.3') await once(socket, 'session')
    const session = socket.getSession()
    if (!session) throw new Error('the edge gave no session')
    socket.destroy()
    return session
  }

  async function resumes(
    servername: string,
    session: Buffer,
    maxVersion: 'TLSv1.2' | 'TLSv1.3',
  ): Promise<boolean> {
    const socket = await connect(servername, { maxVersion, session, rejectUnauthorized: false })
    const isReused = socket.isSessionReused()
    socket.destroy()
    return isReused
  }
})

/** The first bytes that Node's client sends for `servername`. */
async function clientHello(servername: string): Promise<Buffer> {
  const listening = await startRawOrigin((socket) => socket.once('data', (bytes) => captured.resolve(bytes)))
  const captured = Promise.withResolvers<Buffer>()
  const client = connectTls({ port: listening.port, host: '127.0.0.1', servername })
  client.on('error', () => {})
  const bytes = await captured.promise
  client.destroy()
  listening.close()
  return bytes
}
