import { once } from 'node:events'
import { connect as connectHttp2, createServer as createHttp2 } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import { createTestAuthority } from '../../../../support/pki/certificates.ts'
import { edgeWithOrigin, startEdgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'
import { exchangeBytes, routeTo } from '../../../../support/edge/edge.ts'
import { unless } from '../../../../support/needs.ts'
import { phpMissing, startPhpOrigin } from '../../../../support/edge/php-origin.ts'

type Fields = Record<string, string>

/** Characters that a field name may contain besides letters, digits and "-" (RFC 9110, section 5.6.2). */
const signs = [..."!#$%&'*+.^_`|~"]
const claims = {
  'Client-Cert': ':AAAA:',
  'Client-Cert-Chain': ':AAAA:',
  'X-Client-Cert-Verified': 'SUCCESS',
  'X-Client-Cert-Subject': 'CN=root',
  'X-Real-IP': '6.6.6.6',
  'X-Forwarded-For': '6.6.6.6',
  'X-Forwarded-User': 'root',
  'Proxy-Authorization': 'Basic cm9vdA==',
  'X-User': 'root',
}
const forged: Fields = { proxy: 'http://6.6.6.6' }
for (const [name, value] of Object.entries(claims)) {
  for (const sign of signs) forged[name.toLowerCase().replaceAll('-', sign)] = value
}
const anchors = { clientAnchors: [createTestAuthority().certificatePem] }
const forgedVariables = [...Object.keys(claims), 'Proxy'].map(
  (name) => `HTTP_${name.toUpperCase().replaceAll('-', '_')}`,
)

const headers = {
  rules: [{ on: 'request' as const, action: 'drop' as const, name: 'X-User', value: '' }],
}

describe('an origin of PHP', unless(phpMissing), () => {
  const edge = edgeWithOrigin(startPhpOrigin, {
    routes: (port) =>
      (['off', 'optional'] as const).map((clientCertificates) =>
        routeTo(port, {
          domain: clientCertificates === 'off' ? 'shop.test' : 'mixed.shop.test',
          policies: {
            ...defaultPolicies,
            headers,
            tls: { ...defaultPolicies.tls, ...anchors, clientCertificates },
          },
        }),
      ),
  })

  async function overHttp1(host: string): Promise<Fields> {
    const lines = Object.entries(forged).map(([name, value]) => `${name}: ${value}\r\n`)
    const request = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close, X.Kept_Back\r\nX-Kept-Back: 1\r\nX_Own: 1\r\n${lines.join('')}\r\n`
    const answer = await exchangeBytes(await edge.connect({ servername: host }), request)
    return JSON.parse(/\{.*\}/s.exec(answer)![0])
  }

  async function overHttp2(host: string): Promise<Fields> {
    const tls = await edge.connect({ servername: host, ALPNProtocols: ['h2'] })
    const session = connectHttp2(`https://${host}`, { createConnection: () => tls })
    const stream = session.request({ ':path': '/', x_own: '1', ...forged })
    let body = ''
    for await (const piece of stream.setEncoding('utf8')) body += piece
    session.destroy()
    return JSON.parse(body)
  }

  test.each([
    ['HTTP/1.1', overHttp1],
    ['HTTP/2', overHttp2],
  ])('finds nothing in $_SERVER that only the edge may say, over %s', async (_version, ask) => {
    const seen = await ask('shop.test')
    expect(seen).toMatchObject({ HTTP_X_FORWARDED_FOR: '127.0.0.1', HTTP_X_OWN: '1' })
    expect(forgedVariables.filter((name) => name in seen)).toEqual(['HTTP_X_FORWARDED_FOR'])
    expect(seen.HTTP_X_KEPT_BACK).toBeUndefined()
    expect(JSON.stringify(seen)).not.toMatch(/6\.6\.6\.6|root|AAAA/)
  })

  test.each([
    ['HTTP/1.1', overHttp1],
    ['HTTP/2', overHttp2],
  ])('finds what the edge says of a client without a certificate, over %s', async (_version, ask) => {
    const seen = await ask('mixed.shop.test')
    expect(seen.HTTP_X_CLIENT_CERT_VERIFIED).toBe('NONE')
    expect(Object.keys(seen).filter((name) => name.includes('CLIENT_CERT'))).toHaveLength(1)
  })
})

/** An origin of HTTP/2 without TLS, which answers with the fields and trailers that it gets, and with look-alikes of its own. */
async function startTrailingOrigin() {
  const server = createHttp2()
  server.on('stream', (stream, _headers, _flags, head) => {
    let trailers: string[] = []
    stream.on('trailers', (_trailers, _trailerFlags, raw: string[]) => (trailers = raw))
    stream.on('wantTrailers', () =>
      stream.sendTrailers({ 'x.user': 'root', 'x.sum': '1', 'x.client.cert.verified': 'x' }),
    )
    stream.resume().on('end', () => {
      stream.respond(
        { ':status': 200, 'x.user': 'root', keep_alive: '1', 'x.own': '1' },
        { waitForTrailers: true },
      )
      stream.end(JSON.stringify([...(head as string[]), ...trailers]))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

describe('look-alikes in trailers and answers', () => {
  const rules = (['request', 'response'] as const).map((on) => ({
    on,
    action: 'drop' as const,
    name: 'X-User',
    value: '',
  }))
  const body = '0\r\nX.User: root\r\nx_user: root\r\nProxy: x\r\nX.Real.IP: 6.6.6.6\r\nX.Sum: 2\r\n\r\n'

  test('are left out between a client and an origin of HTTP/2', async () => {
    const edge = await startEdgeWithOrigin(startTrailingOrigin, {
      routes: (port) => [
        routeTo(port, {
          origin: { protocol: 'h2c' },
          policies: { ...defaultPolicies, headers: { rules } },
        }),
      ],
    })
    const request =
      'POST / HTTP/1.1\r\nHost: shop.test\r\nTE: trailers\r\nConnection: close, te\r\nTransfer-Encoding: chunked\r\n' +
      `client!cert: x\r\nX.User: root\r\n\r\n${body}`
    const answer = await exchangeBytes(await edge.connect(), request)
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer).toContain('"x.sum","2"')
    expect(answer).toMatch(/x\.own: 1\r\n/i)
    expect(answer).toMatch(/x\.sum: 1\r\n/i)
    expect(answer).not.toMatch(/root|x[._]user|keep_alive|client[.!]cert|6\.6\.6\.6|"proxy"/i)
  })
})
