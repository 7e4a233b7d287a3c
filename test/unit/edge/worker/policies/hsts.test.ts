import { describe, expect, test } from 'vitest'
import { hstsValue } from '../../../../../src/domain/hsts-value.ts'
import { withHsts } from '../../../../../src/edge/worker/policies/route-rules.ts'

describe('the value of Strict-Transport-Security', () => {
  test.each([
    [{ days: 365, includeSubDomains: false, preload: false }, 'max-age=31536000'],
    [{ days: 1, includeSubDomains: true, preload: false }, 'max-age=86400; includeSubDomains'],
    [{ days: 365, includeSubDomains: true, preload: true }, 'max-age=31536000; includeSubDomains; preload'],
    // The header max-age=0 makes browsers forget the policy.
    [{ days: 0, includeSubDomains: false, preload: false }, 'max-age=0'],
    [{ days: null, includeSubDomains: true, preload: true }, null],
  ])('for %o is %s', (policy, value) => {
    expect(hstsValue(policy)).toBe(value)
  })
})

describe('the fields of a response', () => {
  const request = { secure: true, hostname: 'shop.test' }
  const origin = ['content-type', 'text/plain', 'Strict-Transport-Security', 'max-age=1', 'x', 'y']

  test('get our value in place of all of the origin’s', () => {
    expect(withHsts([...origin, 'strict-transport-security', 'max-age=2'], 'max-age=0', request)).toEqual([
      ...['content-type', 'text/plain', 'x', 'y'],
      ...['strict-transport-security', 'max-age=0'],
    ])
  })

  test('stay as they are where nothing is to be said', () => {
    expect(withHsts(origin, null, request)).toBe(origin)
  })

  test('stay as they are in plain text, where a browser must not heed it', () => {
    expect(withHsts(origin, 'max-age=0', { ...request, secure: false })).toBe(origin)
  })

  test.each(['127.0.0.1', '[::1]', '::1'])('stay as they are for the address %s', (hostname) => {
    expect(withHsts(origin, 'max-age=0', { ...request, hostname })).toBe(origin)
  })
})
