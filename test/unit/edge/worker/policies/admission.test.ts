import { describe, expect, test } from 'vitest'
import { defaultPolicies, type StoredPolicies } from '../../../../../src/contract/domains/policies.ts'
import type { EdgeRequest } from '../../../../../src/edge/worker/http/request.ts'
import {
  addressProblem,
  admissionProblem,
  askForPassword,
  bodyProblem,
  outageProblem,
  routeProblem,
} from '../../../../../src/edge/worker/policies/admission.ts'
import { PasswordChecks } from '../../../../../src/edge/worker/policies/password-gate.ts'
import { servedRoute } from '../../../../../src/edge/worker/policies/route-rules.ts'
import { routeTo } from '../../../../support/edge/edge.ts'

const secure = {
  hostname: 'shop.test',
  serverName: 'shop.test',
  secure: true,
  target: '/',
  lines: '',
  remoteAddress: '10.1.2.3',
} as EdgeRequest
const plain = { ...secure, secure: false, serverName: null }
const route = (change: Parameters<typeof routeTo>[1] = {}) => servedRoute(routeTo(1, change))
const withAccess = (access: Partial<StoredPolicies['access']>) =>
  route({ policies: { ...defaultPolicies, access: { ...defaultPolicies.access, ...access } } })

describe('a request', () => {
  test('is answered for a served domain, over HTTPS and in plain text', () => {
    expect(routeProblem(secure, route())).toBeNull()
    expect(routeProblem({ ...secure, serverName: null }, route())).toBeNull()
    expect(routeProblem(plain, route({ certificateId: null }))).toBeNull()
  })

  test('is not answered on a connection that was made for another name', () => {
    const problem = routeProblem({ ...secure, serverName: 'other.test' }, route())
    expect(problem).toMatchObject({ status: 421, sentence: expect.stringContaining('other.test') as unknown })
    expect(routeProblem({ ...plain, serverName: 'other.test' }, route())).toBeNull()
  })

  test('is not answered for a domain that does not exist', () => {
    expect(routeProblem(secure, null)).toMatchObject({ status: 421 })
    expect(routeProblem(plain, null)).toMatchObject({ status: 404 })
  })

  test('is answered over HTTPS while that is on and there is a key', () => {
    expect(routeProblem(secure, route({ certificateId: null }))).toMatchObject({
      status: 421,
      sentence: 'HTTPS is off for shop.test.',
    })
    expect(routeProblem(secure, route({ certificateId: null, outage: 'vault-locked' }))).toMatchObject({
      status: 503,
      sentence: expect.stringMatching(/^HTTPS is down for shop\.test: the vault is locked\./) as unknown,
      headers: ['cache-control', 'no-store'],
    })
  })
})

describe('while there is no key, plain text', () => {
  const down = { certificateId: null, outage: 'vault-locked' as const }
  const toHttps = { redirect: { mode: 'https' as const, code: 301 as const } }

  test('is refused where it would be redirected to HTTPS', () => {
    expect(outageProblem(plain, route({ ...down, ...toHttps }))).toMatchObject({ status: 503 })
  })

  test('is answered where it would not be', () => {
    expect(outageProblem(plain, route(down))).toBeNull()
    expect(outageProblem(plain, route(toHttps))).toBeNull()
    const except = { ...defaultPolicies, redirect: { ...defaultPolicies.redirect, except: ['/'] } }
    expect(outageProblem(plain, route({ ...down, ...toHttps, policies: except }))).toBeNull()
    const toHttp = { redirect: { mode: 'http' as const, code: 301 as const } }
    expect(outageProblem(secure, route({ ...down, ...toHttp }))).toBeNull()
  })
})

describe('a client', () => {
  test('is answered where its address is on the list, or there is none', () => {
    expect(addressProblem(secure, route())).toBeNull()
    expect(addressProblem(secure, withAccess({ allow: ['10.0.0.0/8'] }))).toBeNull()
    for (const allow of [[], ['192.0.2.0/24']])
      expect(addressProblem(secure, withAccess({ allow }))).toMatchObject({ status: 403 })
  })

  test('is asked for a password where there are users, and for no other field', async () => {
    const asker = { domain: 'shop.test', claimant: secure, isGone: false }
    const checks = new PasswordChecks()
    expect(askForPassword(secure, route(), checks, asker)).toBeNull()
    const gated = withAccess({ users: [], realm: 'The shop' })
    expect(askForPassword(secure, gated, checks, asker)).toBe('out')
    const lines = 'x-authorization: Basic YTpi\r\nAuthorization: Basic YTpi\r\n'
    expect(await askForPassword({ ...secure, lines }, gated, checks, asker)).toBe('out')
    expect(admissionProblem('out', gated)).toMatchObject({
      status: 401,
      headers: ['www-authenticate', 'Basic realm="The shop", charset="UTF-8"'],
    })
    expect(admissionProblem('busy', gated)).toMatchObject({ status: 503 })
    expect(admissionProblem('busy', gated).headers).toBeUndefined()
  })

  test('gets 413 for a body that is too large', () => {
    expect(bodyProblem(secure)).toMatchObject({ status: 413 })
  })
})
