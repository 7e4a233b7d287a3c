import { expect, test } from 'vitest'
import { defaultPolicies, acmeChallengePath } from '../../../../../src/contract/domains/policies.ts'
import { routeTo } from '../../../../support/edge/edge.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

const policies = { ...defaultPolicies, redirect: { except: [acmeChallengePath, '/health'] } }
const edge = edgeWithOrigin(() => startOrigin((request, response) => response.end(request.url)), {
  routes: (port) => [routeTo(port, { policies, redirect: { mode: 'https', code: 308 } })],
})

test.each([
  ['/.well-known/acme-challenge/token', 200],
  ['/.well-known/acme-challenge/token?a=b', 200],
  ['/health', 200],
  ['/health?deep=1', 200],
  ['/health/more', 308],
  ['/healthy', 308],
  ['/.well-known/acme-challenge', 308],
  ['/.well-known/acme-challenge/../../admin', 308],
  ['/.well-known/acme-challenge/%2e%2e/%2E%2E/admin', 308],
  ['/x/../health', 308],
  ['/HEALTH', 308],
  ['/', 308],
])('%s over HTTP is answered with %d', async (path, status) => {
  const answer = await edge.curl(`http://shop.test${path}`)
  expect(answer.status).toBe(status)
  if (status === 308) expect(answer.headers.location).toBe(`https://shop.test:${edge.https}${path}`)
})
