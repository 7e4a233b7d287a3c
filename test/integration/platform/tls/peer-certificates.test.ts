import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import tls, { type ConnectionOptions } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { sentChain } from '../../../../src/platform/tls/peer-certificates.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { makeCertificate, makeKeys, type CertificateOptions } from '../../../support/pki/certificate-maker.ts'
import { toPem } from '../../../../src/pki/formats/convert.ts'

const servers: tls.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listening(options: tls.TlsOptions): Promise<number> {
  const server = tls.createServer(options, (socket) => socket.on('error', () => undefined).end())
  server.on('tlsClientError', () => undefined)
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

const now = Date.now()
const keys = makeKeys('ec')
const root = makeCertificate({
  subject: 'Root',
  authority: true,
  keys: makeKeys('ec'),
  notAfter: new Date(now + 9e9),
})
const ca = toPem(root.der)

/** Result of a handshake of Node's own client, which verifies by default. */
async function verdict(certificate: CertificateOptions, options: ConnectionOptions = {}): Promise<string> {
  const leaf = makeCertificate({
    subject: 'Leaf',
    issuer: root,
    keys,
    notAfter: new Date(now + 9e9),
    ...certificate,
  })
  const key = keys.privateKey.export({ format: 'pem', type: 'pkcs8' })
  const port = await listening({ cert: toPem(leaf.der), key })
  const socket = tls.connect({ host: '127.0.0.1', port, servername: 'shop.test', ca, ...options })
  const { promise, resolve } = Promise.withResolvers<string>()
  socket.once('secureConnect', () => resolve(socket.authorized ? 'accepted' : 'unauthorized'))
  socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'no code'))
  return promise.finally(() => socket.destroy())
}

const names = ['shop.test']

describe('Node’s client, which reads names from a certificate as this module does', () => {
  test.each<[string, CertificateOptions, ConnectionOptions, string]>([
    ['the right name', { names }, {}, 'accepted'],
    [
      'a wildcard for it',
      { names: ['*.test.example', '*.shop.test'] },
      { servername: 'a.shop.test' },
      'accepted',
    ],
    ['an IP address', { names: ['127.0.0.1'] }, { servername: '' }, 'accepted'],
    ['the name as common name, without any other', { subject: 'shop.test' }, {}, 'accepted'],
    ['another name', { names: ['other.test'] }, {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['another common name', { subject: 'other.test' }, {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [
      'the name as common name beside another',
      { subject: 'shop.test', names: ['other.test'] },
      {},
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['the name in a comma of another', { names: ['x, DNS:shop.test'] }, {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['the name before a NUL', { names: ['shop.test\0.other.test'] }, {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [
      'the name after a line break in another attribute',
      { subject: 'x\nCN=shop.test' },
      {},
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    [
      'the name after a line separator in another attribute',
      { subject: 'x\u2028CN=shop.test' },
      {},
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['no name', { subject: new Uint8Array([0x30, 0]) }, {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [
      'a root that is not trusted',
      { names },
      { ca: createTestAuthority().certificatePem },
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
    ['a time that is over', { names, notAfter: new Date(now - 1000) }, {}, 'CERT_HAS_EXPIRED'],
  ])('sees %s: %s', async (_what, certificate, options, expected) => {
    expect(await verdict(certificate, options)).toBe(expected)
  })
})

test('the chain of a server is the one that it sent, at each call', async () => {
  const authority = createTestAuthority()
  const leaf = issueTestLeaf(authority, { names })
  const others = [createTestAuthority({ commonName: 'Stranger' }), authority]
  const cert = leaf.leafPem + others.map(({ certificatePem }) => certificatePem).join('')
  const port = await listening({ cert, key: leaf.keyPem })
  const socket = tls.connect({
    host: '127.0.0.1',
    port,
    servername: 'shop.test',
    ca: authority.certificatePem,
  })
  await once(socket, 'secureConnect')
  const seen = () =>
    sentChain(socket)
      .map(({ raw }) => toPem(raw))
      .join('')
  expect([seen(), seen()]).toEqual([cert, cert])
  socket.destroy()
})
