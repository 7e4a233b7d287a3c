import { describe, expect, test } from 'vitest'
import { countAt } from '../../../../../src/edge/protocol/counts.ts'
import { bucketOf } from '../../../../../src/edge/protocol/latency.ts'
import { Meter } from '../../../../../src/edge/worker/observe/meter.ts'
import type { ExchangeFacts, HandshakeFacts } from '../../../../../src/edge/worker/observe/observe.ts'

/** Counts one exchange, by the inputs of the billing rule. */
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

describe('other counters', () => {
  const usual = {
    domain: 'shop.test',
    connection: { secure: false, tlsVersion: null, protocol: 'http/1.1' },
    status: 200,
    redirect: null,
    ...{ requestHeadBytes: 0, requestBodyBytes: 0, responseHeadBytes: 0, responseBodyBytes: 0 },
    ...{ receivedAt: 3, answeredAt: 3.25 },
  }
  const secure = { secure: true, tlsVersion: 'TLSv1.3', protocol: 'h2' }

  function usageOf(...changes: object[]) {
    const meter = new Meter(() => undefined)
    for (const change of changes) meter.exchangeEnded({ ...usual, ...change } as unknown as ExchangeFacts)
    const { counts = [], latency = new Map() } = meter.report()?.domains[0] ?? {}
    return { of: (name: keyof typeof countAt) => counts[countAt[name]], latency }
  }

  test('a redirect counts as free where it led away from HTTP, once each', () => {
    const { of } = usageOf(
      { redirect: 'https', status: 301 },
      { redirect: 'https', status: 301 },
      { redirect: null },
      { connection: secure, redirect: 'http', status: 301 },
    )
    expect([of('redirected'), of('http'), of('https'), of('charged')]).toEqual([2, 3, 1, 1])
  })

  test('TLS counts by its version, over TLS alone, and HTTP by its own', () => {
    const { of } = usageOf({}, { connection: secure }, { connection: { ...secure, tlsVersion: 'TLSv1.2' } })
    expect([of('tls12'), of('tls13'), of('http1'), of('http2')]).toEqual([1, 1, 1, 2])
  })

  test('a status counts by its first digit, and one that HTTP does not have as a server’s fault', () => {
    const { of } = usageOf(...[0, 101, 204, 304, 499, 500, 599, 999].map((status) => ({ status })))
    const digits = ['answered0', 'answered1', 'answered2', 'answered3', 'answered4', 'answered5'] as const
    expect(digits.map((digit) => of(digit))).toEqual([1, 1, 1, 1, 1, 3])
  })

  test('the time to the first byte of an answer counts in microseconds, if there was an answer', () => {
    const { latency } = usageOf({}, { answeredAt: 0 })
    expect([...latency]).toEqual([[bucketOf(250), 1]])
  })
})
