import { expect, test } from 'vitest'
import { countAt } from '../../../../../src/engine/edge/channel/counts.ts'
import { Meter } from '../../../../../src/engine/edge/worker/observe/meter.ts'
import type { ExchangeFacts, HandshakeFacts } from '../../../../../src/engine/edge/worker/observe/observe.ts'

/** What one exchange counts, with what the rule of billing looks at as given. */
function counted(domain: string | null, secure: boolean, status: number) {
  const meter = new Meter(() => undefined)
  const connection = { secure, tlsVersion: 'TLSv1.3', protocol: 'http/1.1' }
  const sizes = { requestHeadBytes: 1, requestBodyBytes: 0, responseHeadBytes: 1, responseBodyBytes: 0 }
  const redirect = status === 301 ? 'https' : null
  meter.exchangeEnded({
    domain,
    connection,
    status,
    redirect,
    answeredAt: 0,
    ...sizes,
  } as unknown as ExchangeFacts)
  const counts = meter.report()?.domains[0]?.counts ?? []
  return { https: counts[countAt.https], http: counts[countAt.http], charged: counts[countAt.charged] }
}

test.each([
  ['an HTTPS request of a domain is charged', 'shop.test', true, 200, { https: 1, http: 0, charged: 1 }],
  ['one that is answered with an error too', 'shop.test', true, 502, { https: 1, http: 0, charged: 1 }],
  ['a redirect from HTTPS too', 'shop.test', true, 301, { https: 1, http: 0, charged: 1 }],
  ['an HTTPS request for no domain here is not', null, true, 404, { https: 1, http: 0, charged: 0 }],
  ['an HTTP request is free', 'shop.test', false, 200, { https: 0, http: 1, charged: 0 }],
  ['and so is the redirect to HTTPS', 'shop.test', false, 301, { https: 0, http: 1, charged: 0 }],
])('%s', (_what, domain, secure, status, counts) => {
  expect(counted(domain, secure, status)).toEqual(counts)
})

test('an exchange is counted by its answer, protocol, bytes and time, and each report is whole and taken out', () => {
  let reports = 0
  const meter = new Meter(() => (reports += 1))
  expect(meter.report()).toBeNull()
  const connection = { secure: true, tlsVersion: 'TLSv1.2', protocol: 'h2' }
  const sizes = { requestHeadBytes: 1, requestBodyBytes: 20, responseHeadBytes: 300, responseBodyBytes: 4000 }
  const times = { receivedAt: 1, answeredAt: 2 }
  const facts = { domain: 'shop.test', connection, status: 404, redirect: null, ...sizes, ...times }
  meter.exchangeEnded(facts as unknown as ExchangeFacts)
  meter.exchangeEnded({ ...facts, status: 599 } as unknown as ExchangeFacts)
  meter.exchangeEnded({ ...facts, domain: 'other.test' } as unknown as ExchangeFacts)
  meter.handshake({ result: 'resumed', domain: 'shop.test' } as HandshakeFacts)
  expect(reports).toBe(1)
  const report = meter.report()
  expect(report?.sequence).toBe(1)
  expect(report?.domains.map(({ domain }) => domain)).toEqual(['shop.test', 'other.test'])
  const counts = report?.domains[0]?.counts ?? []
  expect([counts[countAt.bytesIn], counts[countAt.bytesOut]]).toEqual([42, 8600])
  expect([4, 5].map((hundred) => counts[countAt.answered0 + hundred])).toEqual([1, 1])
  expect([counts[countAt.tls12], counts[countAt.tls13]]).toEqual([2, 0])
  expect([counts[countAt.http2], counts[countAt.http1]]).toEqual([2, 0])
  expect([counts[countAt.redirected], counts[countAt.handshakesResumed]]).toEqual([0, 1])
  expect([...(report?.domains[0]?.latency.values() ?? [])]).toEqual([2])
  expect(meter.report()).toBeNull()
  meter.handshake({ result: 'full', domain: null } as HandshakeFacts)
  expect(reports).toBe(2)
  expect(meter.report()).toMatchObject({ sequence: 2, domains: [{ domain: '' }] })
})
