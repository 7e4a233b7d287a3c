import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { beforeEach, describe, expect, test } from 'vitest'
import { defaultPolicies } from '../../../../src/contract/domains/policies.ts'
import { handshakeSettings } from '../../../../src/edge/protocol/handshake-settings.ts'
import type { Route, SnapshotChange } from '../../../../src/edge/protocol/snapshot.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { exchangeBytes, routeTo, servingCertificates, startTestEdge } from '../../../support/edge/edge.ts'
import { startOrigin } from '../../../support/edge/origin.ts'
import { edgeWithOrigin } from '../../../support/edge/edge-with-origin.ts'

const authority = createTestAuthority()
const [shop, blog, next] = ['shop.test', 'blog.test', 'shop.test'].map((name) =>
  issueTestLeaf(authority, { names: [name] }),
)

function blogRoute(changed: Partial<Route>): Route {
  return routeTo(1, { domain: 'blog.test', certificateId: 'blog', ...changed })
}

describe('a change of the configuration', () => {
  const edge = edgeWithOrigin(
    () => startOrigin((request, response) => response.end(`${request.headers.host}`)),
    { routes: () => [] },
  )
  beforeEach(() => {
    const routes = [
      routeTo(edge.origin.port),
      routeTo(edge.origin.port, { domain: 'blog.test', certificateId: 'blog' }),
    ]
    edge.apply({ routes, leaves: { shop: shop!, blog: blog! } })
  })

  function change(parts: Partial<SnapshotChange>): void {
    edge.edge.change({
      version: 1,
      publicPorts: { https: edge.https, http: edge.http },
      extraOriginAnchors: [],
      vaultFolder: '/nowhere',
      staples: {},
      removedStaples: [],
      routes: [],
      removedRoutes: [],
      certificates: {},
      removedCertificates: [],
      ...parts,
    })
  }
  const connect = (servername: string, more = {}) =>
    edge.connect({ servername, ca: authority.certificatePem, ...more })
  async function get(host: string): Promise<string> {
    const socket = await connect(host)
    return exchangeBytes(socket, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  }
  async function sessionOf(host: string): Promise<Buffer> {
    const socket = await connect(host)
    const [session] = (await once(socket, 'session')) as [Buffer]
    socket.destroy()
    return session
  }
  async function resumes(host: string, session: Buffer): Promise<boolean> {
    const socket = await connect(host, { session })
    const isReused = socket.isSessionReused()
    socket.destroy()
    return isReused
  }

  test('adds, replaces and removes routes, and leaves the others', async () => {
    change({
      routes: [
        routeTo(edge.origin.port, { redirect: { mode: 'http', code: 302 } }),
        routeTo(edge.origin.port, { domain: 'new.test', certificateId: 'new' }),
      ],
      certificates: servingCertificates({ new: issueTestLeaf(authority, { names: ['new.test'] }) }),
    })
    expect(await get('shop.test')).toMatch(/^HTTP\/1\.1 302 /)
    expect(await get('new.test')).toContain('new.test')
    expect(await get('blog.test')).toContain('200 OK')
    change({ removedRoutes: ['new.test'], removedCertificates: ['new'] })
    await expect(connect('new.test')).rejects.toThrow('unrecognized name')
    expect(await get('blog.test')).toContain('200 OK')
  })

  test('is taken up whole or not at all', async () => {
    const parts = {
      routes: [routeTo(edge.origin.port, { redirect: { mode: 'http', code: 302 } })],
      removedRoutes: ['blog.test'],
      removedCertificates: ['blog'],
    }
    const mismatched = servingCertificates({ bad: { ...blog!, keyPem: shop!.keyPem } })
    expect(() => change({ ...parts, certificates: mismatched })).toThrow('key values mismatch')
    expect(mismatched['bad']!.leafKeyPem.every((byte) => byte === 0)).toBe(true)
    const badHost = routeTo(edge.origin.port, { origin: { hostHeader: 'a\r\nb' } })
    expect(() => change({ ...parts, routes: [badHost] })).toThrow('malformed')
    expect(await get('shop.test')).toContain('200 OK')
    expect(await get('blog.test')).toContain('200 OK')
  })

  test('keeps the OCSP answers that it does not name, and drops those that are gone', async () => {
    const answerOf = async (servername: string) => {
      const to = { host: '127.0.0.1', port: edge.https, servername, ca: authority.certificatePem }
      const socket = connectTls({ ...to, requestOCSP: true })
      const [answer] = (await once(socket, 'OCSPResponse')) as [Buffer | null]
      socket.destroy()
      return answer?.toString() ?? null
    }
    const stapled = { ...handshakeSettings(defaultPolicies.tls), ocspStapling: true }
    const served = servingCertificates({ shop: shop!, blog: blog! })
    const certificates = Object.fromEntries(
      Object.entries(served).map(([id, one]) => [`${id} stapled`, { ...one, handshake: stapled }]),
    )
    const staple = (text: string, goodFrom = 0) => ({
      response: Buffer.from(text),
      goodFrom,
      goodUntil: Date.now() + 60_000,
    })
    const routes = [
      routeTo(edge.origin.port, { certificateId: 'shop stapled' }),
      blogRoute({ certificateId: 'blog stapled' }),
    ]
    change({ routes, certificates, staples: { [shop!.fingerprintSha256]: staple('shop is good') } })
    change({ staples: { [blog!.fingerprintSha256]: staple('blog is good') } })
    expect(await answerOf('shop.test')).toBe('shop is good')
    expect(await answerOf('blog.test')).toBe('blog is good')
    change({ staples: { [blog!.fingerprintSha256]: staple('of tomorrow', Date.now() + 86_400_000) } })
    expect(await answerOf('blog.test')).toBeNull()
    change({ staples: { [blog!.fingerprintSha256]: staple('blog is good') } })
    change({ removedStaples: [shop!.fingerprintSha256] })
    expect(await answerOf('shop.test')).toBeNull()
    expect(await answerOf('blog.test')).toBe('blog is good')
  })

  const cases: [what: string, parts: Partial<SnapshotChange>, goesOn: boolean][] = [
    ['another domain', { removedRoutes: ['other.test'] }, true],
    ['its redirect', { routes: [blogRoute({ redirect: { mode: 'http', code: 302 } })] }, true],
    ['HTTPS turned off for it', { routes: [blogRoute({ certificateId: null })] }, false],
    ['its removal', { removedRoutes: ['blog.test'] }, false],
    ['a swap to a certificate that is there', { routes: [blogRoute({ certificateId: 'shop' })] }, false],
  ]
  test.each(cases)('keeps or ends the sessions of %s as required', async (_what, parts, goesOn) => {
    const session = await sessionOf('blog.test')
    change(parts)
    const socket = await connect('blog.test', { session, rejectUnauthorized: false }).catch(() => null)
    expect(socket?.isSessionReused() ?? false).toBe(goesOn)
    socket?.destroy()
  })

  test('ends the sessions where another chain comes under the same id', async () => {
    const session = await sessionOf('shop.test')
    change({ certificates: servingCertificates({ shop: next! }) })
    expect(await resumes('shop.test', session)).toBe(false)
    const socket = await connect('shop.test')
    const { fingerprint256 } = socket.getPeerX509Certificate()!
    expect(fingerprint256.replaceAll(':', '').toLowerCase()).toBe(next!.fingerprintSha256)
    socket.destroy()
  })

  test('makes sessions that another edge with the same ticket keys takes, until those change', async () => {
    const other = await startTestEdge([routeTo(edge.origin.port)], { leaves: { shop: shop! } })
    const keys = () => Buffer.alloc(48, 7)
    edge.edge.useTicketKeys(keys())
    other.edge.useTicketKeys(keys())
    const session = await sessionOf('shop.test')
    const resumesThere = async () => {
      const socket = await other.connect({ ca: authority.certificatePem, session })
      const isReused = socket.isSessionReused()
      socket.destroy()
      return isReused
    }
    expect(await resumesThere()).toBe(true)
    // Forgotten by a swap; being told the same keys again does not bring the session back.
    other.apply({ leaves: { shop: next! } })
    other.edge.useTicketKeys(keys())
    expect(await resumesThere()).toBe(false)
    await other.close()
  })
})
