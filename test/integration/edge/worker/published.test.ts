import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Published } from '../../../../src/contract/lan/published.ts'
import {
  exchangeBytes,
  readUntil,
  routeTo,
  startTestEdge,
  type TestEdge,
} from '../../../support/edge/edge.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'
import { needs } from '../../../support/needs.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'

/** Stands for the address in a network: only Linux has more loopback addresses by itself. */
const address = '127.0.0.2'
needs(process.platform === 'linux' ? null : `listening on ${address}`)

const issuer = createTestAuthority()
const leaves = {
  shop: issueTestLeaf(issuer, { names: ['shop.test', '*.shop.test'] }),
  bank: issueTestLeaf(issuer, { names: ['bank.test'] }),
}
let origin: TestOrigin
let edge: TestEdge
let reported: Published[]

beforeEach(async () => {
  origin = await startOrigin((request, response) => {
    if (request.url === '/stream') return void response.write('begun')
    response.end(`origin of ${request.headers.host ?? ''}`)
  })
  const routes = [
    routeTo(origin.port),
    routeTo(origin.port, { domain: '*.shop.test' }),
    routeTo(origin.port, { domain: 'bank.test', certificateId: 'bank' }),
  ]
  edge = await startTestEdge(routes, { leaves, onPublished: (addresses) => (reported = addresses) })
})
afterEach(async () => {
  await edge.close()
  await origin.close()
})

async function publish(...domains: string[]) {
  edge.apply({ published: domains.length > 0 ? [{ address, domains }] : [] })
  await edge.edge.publish()
}

/** Response to a request, or the code of the refusal. */
async function ask(host: string, { at = address, servername = host, path = '/' } = {}): Promise<string> {
  const socket = connectTls({ host: at, port: edge.https, servername, ca: issuer.certificatePem })
  const failed = once(socket, 'error').then(([error]) => (error as NodeJS.ErrnoException).code ?? '')
  const connected = once(socket, 'secureConnect').then(() => null)
  const failure = await Promise.race([failed, connected])
  if (failure !== null) return failure
  return exchangeBytes(socket, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
}

async function askPlain(host: string, at = address): Promise<string> {
  const socket = connect(edge.http, at)
  await once(socket, 'connect')
  return exchangeBytes(socket, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
}

test('nothing listens in the network before a domain is published', async () => {
  await publish()
  await expect(ask('shop.test')).resolves.toBe('ECONNREFUSED')
  await expect(askPlain('shop.test')).rejects.toThrow('ECONNREFUSED')
})

test('a published address serves its domains, and every other one is unknown there', async () => {
  await publish('shop.test')
  expect(reported).toEqual([{ address, domains: ['shop.test'], failure: null, taken: [] }])
  expect(await ask('shop.test')).toContain('origin of shop.test')
  expect(await askPlain('shop.test')).toContain('origin of shop.test')
  for (const name of ['bank.test', 'www.shop.test', 'unknown.test']) {
    expect(await ask(name)).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME')
    expect(await ask(name, { servername: 'shop.test' })).toMatch(/^HTTP\/1.1 421 /)
    expect(await askPlain(name)).toMatch(/^HTTP\/1.1 404 [^]*No such domain here/)
  }
  // On this computer, all of them are served.
  expect(await ask('bank.test', { at: '127.0.0.1' })).toContain('origin of bank.test')
  expect(await askPlain('bank.test', '127.0.0.1')).toContain('origin of bank.test')
})

test('a connection over HTTP/2 reaches no domain that is not published', async () => {
  await publish('shop.test')
  const session = connectHttp2(`https://${address}:${edge.https}`, {
    servername: 'shop.test',
    ca: issuer.certificatePem,
  })
  const statusFor = async (authority: string) => {
    const request = session.request({ ':authority': authority })
    const [headers] = (await once(request, 'response')) as [{ ':status': number }]
    request.resume()
    return headers[':status']
  }
  expect(await statusFor('shop.test')).toBe(200)
  expect(await statusFor('bank.test')).toBe(421)
  await publish()
  await once(session, 'close')
})

test('a wildcard domain is published with its names', async () => {
  await publish('*.shop.test')
  expect(await ask('www.shop.test')).toContain('origin of www.shop.test')
  expect(await ask('shop.test')).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME')
})

test('a domain that is no longer published ends its streams', async () => {
  await publish('shop.test', 'bank.test')
  const socket = connectTls({
    host: address,
    port: edge.https,
    servername: 'shop.test',
    ca: issuer.certificatePem,
  })
  await once(socket, 'secureConnect')
  socket.write('GET /stream HTTP/1.1\r\nHost: shop.test\r\n\r\n')
  await readUntil(socket, 'begun')
  const closed = once(socket, 'close')
  await publish('bank.test')
  await closed
  expect(await ask('shop.test')).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME')
  expect(await ask('bank.test')).toContain('origin of bank.test')
})

test('an address that this computer does not have is reported, and the others are served', async () => {
  edge.apply({
    published: [
      { address: '203.0.113.9', domains: ['shop.test'] },
      { address, domains: ['shop.test'] },
    ],
  })
  await edge.edge.publish()
  expect(reported).toMatchObject([
    { address: '203.0.113.9', failure: { code: 'EADDRNOTAVAIL', port: edge.https } },
    { address, failure: null },
  ])
  expect(await ask('shop.test')).toContain('origin of shop.test')
})
