import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import type { TlsPolicy } from '../../../../../src/contract/domains/tls-policy.ts'
import {
  clientPurpose,
  createTestAuthority,
  issueTestLeaf,
  type TestLeaf,
} from '../../../../support/pki/certificates.ts'
import { connectPlain, exchangeBytes, routeTo } from '../../../../support/edge/edge.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { shakeHands, writeTo } from '../../../../support/pki/openssl.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'
import type { Route } from '../../../../../src/edge/protocol/snapshot.ts'

const dayMs = 24 * 60 * 60 * 1000
const servers = createTestAuthority()
const staff = createTestAuthority({ commonName: 'Staff' })
const team = createTestAuthority({ commonName: 'Team', issuer: staff })
const strangers = createTestAuthority({ commonName: 'Strangers' })
const client = { names: ['ada.example'], commonName: 'Ada, née Byron', purposes: [clientPurpose] }
const clients = {
  ada: issueTestLeaf(staff, client),
  deep: issueTestLeaf(team, client, [team]),
  stranger: issueTestLeaf(strangers, client),
  server: issueTestLeaf(staff, { names: ['ada.example'] }),
  expired: issueTestLeaf(staff, {
    ...client,
    notBefore: new Date(Date.now() - 9 * dayMs),
    notAfter: new Date(Date.now() - dayMs),
  }),
}

let folder: string
let received: IncomingHttpHeaders[] = []

const edge = edgeWithOrigin(
  () =>
    startOrigin((request, response) => {
      received.push(request.headers)
      response.end('the page')
    }),
  {
    routes,
    leaves: {
      all: issueTestLeaf(servers, { names: ['open.test', 'staff.test', 'mixed.test', 'team.test'] }),
    },
  },
)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'client-certificates-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => (received = []))

function domain(name: string, tls: Partial<TlsPolicy>) {
  return routeTo(edge.origin.port, {
    domain: name,
    certificateId: 'all',
    policies: { ...defaultPolicies, tls: { ...defaultPolicies.tls, ...tls } },
  })
}

const anchors = { clientAnchors: [staff.certificatePem] }
function routes(): Route[] {
  return [
    domain('open.test', {}),
    domain('staff.test', { ...anchors, clientCertificates: 'required' }),
    domain('mixed.test', { ...anchors, clientCertificates: 'optional' }),
    domain('team.test', { clientAnchors: [team.certificatePem], clientCertificates: 'required' }),
  ]
}

function showing(who: TestLeaf | null): string[] {
  if (!who) return []
  const { cert, key, chain } = writeTo(folder, { cert: who.leafPem, key: who.keyPem, chain: who.chainPem })
  return ['-cert', cert!, '-key', key!, '-cert_chain', chain!]
}
const visit = (name: string, who: TestLeaf | null, ...more: string[]) =>
  shakeHands(edge.https, name, ...showing(who), ...more)
const statusOf = (told: string) => Number(/HTTP\/1\.1 (\d+)/.exec(told)?.[1])
const identity = (headers: IncomingHttpHeaders | undefined) =>
  Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => name.includes('client-cert')))

describe.each(['-tls1_2', '-tls1_3'])('a domain that requires client certificates, in %s', (version) => {
  test('lets in who shows one, and tells the origin who that is', async () => {
    expect(await visit('staff.test', clients.ada, version)).toContain('the page')
    const certificate = new X509Certificate(clients.ada.leafPem)
    expect(identity(received[0])).toEqual({
      'client-cert': `:${certificate.raw.toString('base64')}:`,
      'x-client-cert-verified': 'SUCCESS',
      'x-client-cert-subject': String.raw`CN=Ada\, n\C3\A9e Byron`,
      'x-client-cert-sha256': clients.ada.fingerprintSha256,
    })
  })

  test('tells the origin the chain in between, without the root', async () => {
    expect(await visit('staff.test', clients.deep, version)).toContain('the page')
    const between = Buffer.from(team.certificateDer).toString('base64')
    expect(received[0]?.['client-cert-chain']).toBe(`:${between}:`)
  })

  test('takes an intermediate as an anchor', async () => {
    expect(await visit('team.test', clients.deep, version)).toContain('the page')
    expect(statusOf(await visit('team.test', clients.ada, version))).toBe(403)
  })

  test.each([
    ['shows none', null, 'this connection was made without one'],
    ['shows one of others', clients.stranger, 'it does not chain to an authority that is accepted here'],
    ['shows one that has expired', clients.expired, 'has expired'],
    ['shows one that is for servers', clients.server, 'it is not meant for clients'],
  ])('refuses who %s, says why, and asks the origin nothing', async (_what, who, sentence) => {
    const told = await visit('staff.test', who, version)
    expect(statusOf(told)).toBe(403)
    expect(told).toContain(sentence)
    expect(received).toEqual([])
  })

  test('asks again each time: no session is resumed', async () => {
    const session = join(folder, `session${version}`)
    await visit('staff.test', clients.ada, version, '-sess_out', session)
    const again = await visit('staff.test', clients.ada, version, '-sess_in', session)
    expect(again).toContain('the page')
    expect(again).not.toMatch(/^Reused, /m)
  })
})

describe('a domain that takes client certificates', () => {
  test('lets in who shows none, and says so to the origin', async () => {
    expect(await visit('mixed.test', null)).toContain('the page')
    expect(identity(received[0])).toEqual({ 'x-client-cert-verified': 'NONE' })
  })

  test('refuses who shows one that is not accepted', async () => {
    expect(statusOf(await visit('mixed.test', clients.stranger))).toBe(403)
    expect(statusOf(await visit('mixed.test', clients.ada))).toBe(200)
  })
})

describe('a client’s own fields about its certificate', () => {
  const forged =
    'Client-Cert: :AAAA:\r\nclient_cert: :AAAA:\r\nClient-Cert-Chain: :AAAA:\r\n' +
    'X-Client-Cert-Verified: SUCCESS\r\nX-CLIENT-CERT-SUBJECT: CN=root\r\nx_client_cert_sha256: 00\r\nX-Client-Cert-Other: 1\r\n'
  const request = (name: string) => `GET / HTTP/1.1\r\nHost: ${name}\r\n${forged}Connection: close\r\n\r\n`

  test.each(['open.test', 'mixed.test'])('never reach the origin of %s', async (name) => {
    const socket = await edge.connect({ servername: name, ca: servers.certificatePem })
    expect(await exchangeBytes(socket, request(name))).toContain('the page')
    const said = name === 'open.test' ? {} : { 'x-client-cert-verified': 'NONE' }
    expect(identity(received[0])).toEqual(said)
    expect(JSON.stringify(received[0])).not.toContain('client_cert')
  })

  test('never reach it over HTTP, nor over HTTP/2', async () => {
    expect(await exchangeBytes(await connectPlain(edge.http), request('open.test'))).toContain('the page')
    const session = connectHttp2(`https://open.test:${edge.https}`, {
      createConnection: () => openHttp2('open.test'),
    })
    const stream = session.request({
      ':path': '/',
      'client-cert': ':AAAA:',
      'x-client-cert-verified': 'SUCCESS',
    })
    stream.resume()
    await new Promise((resolve) => stream.once('close', resolve))
    session.destroy()
    expect(received.map(identity)).toEqual([{}, {}])
  })
})

const openHttp2 = (servername: string, more = {}) =>
  connectTls({
    host: '127.0.0.1',
    port: edge.https,
    servername,
    ca: servers.certificatePem,
    ALPNProtocols: ['h2'],
    ...more,
  })

describe('the requirement of a client certificate', () => {
  test('holds over plain HTTP', async () => {
    const plain = (name: string) => `GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`
    const answer = await exchangeBytes(await connectPlain(edge.http), plain('staff.test'))
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    expect(answer).toContain('cannot be shown over plain HTTP')
    expect(await exchangeBytes(await connectPlain(edge.http), plain('mixed.test'))).toContain('the page')
    expect(received).toHaveLength(1)
  })

  test('holds on a connection made for another domain', async () => {
    const socket = await edge.connect({ servername: 'open.test', ca: servers.certificatePem })
    const answer = await exchangeBytes(
      socket,
      'GET / HTTP/1.1\r\nHost: staff.test\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 421 /)
  })

  test('holds on a connection made before certificates were required, or before other anchors', async () => {
    const open = await edge.connect({ servername: 'open.test', ca: servers.certificatePem })
    const { leafPem, keyPem } = clients.ada
    const known = await edge.connect({
      servername: 'staff.test',
      ca: servers.certificatePem,
      cert: leafPem,
      key: keyPem,
    })
    edge.apply({
      routes: [
        domain('open.test', { ...anchors, clientCertificates: 'required' }),
        domain('staff.test', { clientAnchors: [strangers.certificatePem], clientCertificates: 'required' }),
      ],
    })
    for (const [socket, name] of [
      [open, 'open.test'],
      [known, 'staff.test'],
    ] as const) {
      const request = `GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`
      expect(await exchangeBytes(socket, request)).toMatch(/^HTTP\/1\.1 421 /)
    }
    expect(received).toEqual([])
    edge.apply({ routes: routes() })
  })

  test('holds over HTTP/2', async () => {
    const answers = [{}, { cert: clients.ada.leafPem, key: clients.ada.keyPem }].map(async (shown) => {
      const session = connectHttp2(`https://staff.test:${edge.https}`, {
        createConnection: () => openHttp2('staff.test', shown),
      })
      const stream = session.request({ ':path': '/' })
      const [headers] = (await once(stream, 'response')) as [{ ':status': number }]
      session.destroy()
      return headers[':status']
    })
    expect(await Promise.all(answers)).toEqual([403, 200])
  })
})
