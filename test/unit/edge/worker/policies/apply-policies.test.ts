import { describe, expect, test } from 'vitest'
import { defaultPolicies, type StoredPolicies } from '../../../../../src/contract/domains/policies.ts'
import { ListedFields } from '../../../../../src/edge/worker/http/fields.ts'
import { problemPage } from '../../../../../src/edge/worker/http/pages.ts'
import type { EdgeRequest } from '../../../../../src/edge/worker/http/request.ts'
import { hopFields } from '../../../../../src/edge/worker/http/response.ts'
import {
  servedRoute,
  applyToPage,
  applyToRequest,
  applyToResponse,
} from '../../../../../src/edge/worker/policies/route-rules.ts'
import { routeTo } from '../../../../support/edge/edge.ts'

const rulesOf = (policies: Partial<StoredPolicies>) =>
  servedRoute(routeTo(1, { policies: { ...defaultPolicies, ...policies } })).rules
const headers = (on: 'request' | 'response'): StoredPolicies['headers'] => ({
  rules: [{ on, action: 'set', name: 'X-Rule', value: 'ours' }],
})
const access = (change: Partial<StoredPolicies['access']>) => ({
  access: { ...defaultPolicies.access, users: [], ...change },
})
const hsts = { days: 1, includeSubDomains: false, preload: false }
const none = rulesOf({})

const request = {
  secure: true,
  hostname: 'shop.test',
  lines: 'authorization: Basic YTpi\r\nX-Rule: theirs\r\naccept: */*\r\n',
} as EdgeRequest

describe('a request', () => {
  test('goes on as it is where there is neither a password nor a rule', () => {
    expect(applyToRequest(request, none)).toBe(request)
    expect(applyToRequest(request, rulesOf({ headers: headers('response'), hsts }))).toBe(request)
  })

  test('goes on without the password that was for the edge', () => {
    expect(applyToRequest(request, rulesOf(access({}))).lines).toBe('X-Rule: theirs\r\naccept: */*\r\n')
  })

  test('goes on with it where that is wanted', () => {
    expect(applyToRequest(request, rulesOf(access({ forwardAuthorization: true })))).toEqual(request)
  })

  test('gets what the rules say, and what they say of Authorization is for the origin', () => {
    expect(applyToRequest(request, rulesOf({ headers: headers('request') })).lines).toBe(
      'authorization: Basic YTpi\r\naccept: */*\r\nX-Rule: ours\r\n',
    )
    const own = { on: 'request', action: 'add', name: 'Authorization', value: 'Bearer x' } as const
    expect(applyToRequest(request, rulesOf({ ...access({}), headers: { rules: [own] } })).lines).toBe(
      'X-Rule: theirs\r\naccept: */*\r\nAuthorization: Bearer x\r\n',
    )
    expect(request.lines).toContain('theirs')
  })
})

describe('a response', () => {
  const given = [...['connection', 'x-private'], ...['x-private', 'a'], ...['x-rule', 'theirs']]
  const fields = new ListedFields(given)
  const head = {
    ...{ status: 200, reason: 'OK', headers: fields, hop: hopFields(fields) },
    ...{ contentLength: -1, hasBody: true },
  }

  test('goes on as it is where there are no rules', () => {
    expect(applyToResponse(head, request, none)).toBe(head)
    expect(applyToResponse(head, request, rulesOf({ headers: headers('request') }))).toBe(head)
  })

  test('gets what the rules say, and loses what its hop alone was to have', () => {
    const ruled = applyToResponse(head, request, rulesOf({ headers: headers('response') }))
    expect(ruled.headers.list()).toEqual([...given.slice(0, 4), 'X-Rule', 'ours'])
    expect(ruled).toMatchObject({ status: 200, hop: [0, 1] })
    const drop = { on: 'response', action: 'drop', name: 'Connection', value: '' } as const
    expect(applyToResponse(head, request, rulesOf({ headers: { rules: [drop] } })).hop).toEqual([])
  })

  test('gets Strict-Transport-Security, whatever a rule says of it', () => {
    const value = ['strict-transport-security', 'max-age=86400']
    expect(applyToResponse(head, request, rulesOf({ hsts })).headers.list()).toEqual([...given, ...value])
    const rule = { on: 'response', action: 'set', name: 'Strict-Transport-Security', value: 'x' } as const
    const both = rulesOf({ hsts, headers: { rules: [rule] } })
    expect(applyToResponse(head, request, both).headers.list()).toEqual([...given, ...value])
  })
})

describe('a page of the edge itself', () => {
  const page = {
    ...problemPage({ status: 503, sentence: 'Down.' }, '*/*'),
    headers: ['cache-control', 'no-store'],
  }

  test('gets Strict-Transport-Security over HTTPS, and no rule for what origins answer', () => {
    expect(applyToPage(page, request, rulesOf({ hsts, headers: headers('response') }))).toEqual({
      ...page,
      headers: ['cache-control', 'no-store', 'strict-transport-security', 'max-age=86400'],
    })
  })

  test('stays as it is otherwise', () => {
    expect(applyToPage(page, request, none)).toBe(page)
    expect(applyToPage(page, { ...request, secure: false }, rulesOf({ hsts }))).toBe(page)
  })
})
