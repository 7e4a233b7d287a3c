import { expect, test } from 'vitest'
import { countAt } from '../../../../../src/engine/edge/channel/counts.ts'
import { Meter } from '../../../../../src/engine/edge/worker/observe/meter.ts'
import type { ExchangeFacts } from '../../../../../src/engine/edge/worker/observe/observe.ts'

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
