import { describe, expect, test } from 'vitest'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import { routeTo } from '../../../../support/edge/edge.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { freePort } from '../../../../support/free-port.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

const hsts = { days: 730, includeSubDomains: true, preload: true }
const policies = { ...defaultPolicies, hsts }
const edge = edgeWithOrigin(
  () =>
    startOrigin((_request, response) => {
      response.setHeader('Strict-Transport-Security', 'max-age=5')
      response.end('shop')
    }),
  {
    routes: async (port) => [
      routeTo(port, { policies }),
      routeTo(await freePort(), { domain: 'gone.shop.test', policies }),
      routeTo(port, { domain: 'back.shop.test', policies, redirect: { mode: 'http', code: 302 } }),
      routeTo(port, {
        domain: 'forget.shop.test',
        policies: { ...policies, hsts: { ...hsts, days: 0 } },
      }),
      routeTo(port, { domain: 'plain.shop.test' }),
    ],
  },
)

const said = 'max-age=63072000; includeSubDomains; preload'

describe.each(['--http1.1', '--http2'])('over HTTPS with %s', (version) => {
  const hsts = async (host: string) => {
    const { status, headers } = await edge.curl(`https://${host}/`, version)
    return [status, headers['strict-transport-security']]
  }

  test('the policy of the domain stands in place of what the origin says', async () => {
    expect(await hsts('shop.test')).toEqual([200, said])
  })

  test('it is on the pages of the edge itself and on redirects too', async () => {
    expect(await hsts('gone.shop.test')).toEqual([502, said])
    expect(await hsts('back.shop.test')).toEqual([302, said])
  })

  test('0 days tells browsers to forget', async () => {
    expect(await hsts('forget.shop.test')).toEqual([200, 'max-age=0; includeSubDomains; preload'])
  })

  test('a domain without the policy passes on what its origin says', async () => {
    expect(await hsts('plain.shop.test')).toEqual([200, 'max-age=5'])
  })
})

test('over HTTP nothing is added to what the origin says', async () => {
  const { headers } = await edge.curl('http://shop.test/')
  expect(headers['strict-transport-security']).toBe('max-age=5')
})
