import { describe, expect, test } from 'vitest'
import type { FolderOrigin, ServerOrigin } from '../../../../../src/contract/domains/origins.ts'
import { defaultLimits } from '../../../../../src/edge/worker/limits/limits.ts'
import type { EdgeRequest } from '../../../../../src/edge/worker/http/request.ts'
import { upstreamTarget } from '../../../../../src/edge/worker/origins/upstream-target.ts'

const origin: ServerOrigin = {
  ...{ protocol: 'https', host: 'app.test', httpPort: 3000, httpsPort: 3443 },
  ...{ hostHeader: null, sni: null, verify: true, anchorsPem: null, http2: false },
}
const request = { host: 'Shop.test:8443', secure: true, upgrade: null, bindsConnection: false } as EdgeRequest
const to = (
  change: Partial<ServerOrigin> = {},
  asked: Partial<EdgeRequest> = {},
  owner: string | null = null,
) =>
  upstreamTarget({ origin: { ...origin, ...change }, timeouts: defaultLimits, owner }, {
    ...request,
    ...asked,
  } as EdgeRequest)

describe('the connection to an origin', () => {
  test.each([
    ['http', true, 3000],
    ['http', false, 3000],
    ['h2c', true, 3000],
    ['follow', false, 3000],
    ['follow', true, 3443],
    ['https', false, 3443],
    ['https', true, 3443],
  ] as const)('uses %s for a client over TLS (%s), at port %d', (protocol, secure, port) => {
    const target = to({ protocol }, { secure })
    expect([target.host, target.port, target.tls !== null]).toEqual(['app.test', port, port === 3443])
  })

  test('uses HTTP/2 if it is h2c, or may be offered it over TLS, and never otherwise', () => {
    expect(to({ protocol: 'h2c' }).http2).toBe(true)
    expect(to({ protocol: 'h2c' }, { upgrade: 'websocket' }).http2).toBe(true)
    expect(to({ protocol: 'http', http2: true }).http2).toBe(false)
    expect(to({ http2: true }).http2).toBe(true)
    expect(to().http2).toBe(false)
  })

  test('uses HTTP/1.1 for a websocket, and for a client that logs in to its connection', () => {
    expect(to({ http2: true }, { upgrade: 'websocket' }).http2).toBe(false)
    expect(to({ http2: true }, { bindsConnection: true }).http2).toBe(false)
  })

  test('sends the Host field of the client, or its own', () => {
    expect(to().hostHeader).toBe('Shop.test:8443')
    expect(to({ protocol: 'http', hostHeader: 'own.test' }).hostHeader).toBe('own.test')
  })

  test.each([
    [{}, 'shop.test'],
    [{ hostHeader: 'Own.test:9' }, 'own.test'],
    [{ hostHeader: 'own.test', sni: 'SNI.test' }, 'sni.test'],
    [{ hostHeader: '127.0.0.1:80' }, null],
    [{ hostHeader: '[::1]:80' }, null],
    [{ sni: '::1' }, null],
  ])('sends the server name that fits %j: %s', (change, name) => {
    expect(to(change).tls?.serverName).toBe(name)
  })

  test('is verified by the settings of the origin', () => {
    expect(to().tls).toMatchObject({ verify: true, anchorsPem: null })
    expect(to({ verify: false, anchorsPem: 'PEM' }).tls).toMatchObject({ verify: false, anchorsPem: 'PEM' })
  })

  test('does not exist for a folder', () => {
    const folder: FolderOrigin = { protocol: 'folder', folder: '/srv', dotFiles: false }
    expect(upstreamTarget({ origin: folder, timeouts: defaultLimits, owner: null }, request)).toMatchObject({
      ...{ folder, port: 0, tls: null, http2: false, timeouts: defaultLimits },
    })
    expect(to().folder).toBeNull()
  })
})

describe('a connection', () => {
  test('is shared by requests to one origin verified alike under one name, and in plain text under any Host', () => {
    expect(to({}, { secure: false }).key).toBe(to().key)
    expect(to({ anchorsPem: 'PEM' }).key).toBe(to({ anchorsPem: 'PEM' }).key)
    expect(to({}, { host: 'other.test' }).key).toBe(to({ sni: 'other.test' }).key)
    const plain = { protocol: 'http' } as const
    expect(to({ ...plain, verify: false }, { host: 'other.test' }).key).toBe(to(plain).key)
  })

  test('is shared by no others', () => {
    const keys = [
      to(),
      to({}, {}, 'shop.test'),
      to({}, {}, 'other.test'),
      to({ host: 'other.test' }),
      to({ httpsPort: 4443 }),
      to({ sni: 'other.test' }),
      to({ hostHeader: '127.0.0.1' }),
      to({ verify: false }),
      to({ anchorsPem: 'PEM' }),
      to({ anchorsPem: 'another PEM' }),
      to({ http2: true }),
      to({ protocol: 'http' }),
      to({ protocol: 'http' }, {}, 'shop.test'),
      to({ protocol: 'http', httpPort: 3443 }),
      to({ protocol: 'h2c' }),
    ].map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
