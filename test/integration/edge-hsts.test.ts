import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultPolicies } from '../../src/contract/policies.ts'
import {
  connectPlain,
  exchangeBytes,
  routeTo,
  startOrigin,
  startTestEdge,
  type TestEdge,
  type TestOrigin,
} from '../support/edge.ts'

let origin: TestOrigin
let edge: TestEdge
beforeAll(async () => {
  origin = await startOrigin((_request, response) => {
    response.setHeader('Strict-Transport-Security', 'max-age=5')
    response.end('shop')
  })
  const hsts = { days: 730, includeSubDomains: true, preload: true }
  edge = await startTestEdge([routeTo(origin.port, { policies: { ...defaultPolicies, hsts } })])
})
afterAll(async () => {
  await edge.close()
  await origin.close()
})

const request = 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'
const fieldsOf = (answer: string) => answer.split('\r\n').filter((line) => /^strict-transport/i.test(line))

test('over HTTPS the policy of the domain stands in place of what the origin says', async () => {
  const answer = await exchangeBytes(await edge.connect(), request)
  expect(fieldsOf(answer)).toEqual([
    'strict-transport-security: max-age=63072000; includeSubDomains; preload',
  ])
})

test('over HTTP nothing is added to what the origin says', async () => {
  const answer = await exchangeBytes(await connectPlain(edge.http), request)
  expect(fieldsOf(answer)).toEqual(['Strict-Transport-Security: max-age=5'])
})
