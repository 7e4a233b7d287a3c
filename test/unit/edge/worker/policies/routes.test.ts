import { describe, expect, test } from 'vitest'
import { redirectFor } from '../../../../../src/edge/worker/policies/redirect.ts'
import { servedRoute } from '../../../../../src/edge/worker/policies/route-rules.ts'
import { RouteTable } from '../../../../../src/edge/worker/policies/routes.ts'
import type { EdgeRequest } from '../../../../../src/edge/worker/http/request.ts'
import { routeTo } from '../../../../support/edge/edge.ts'
import { normaliseHostname } from '../../../../../src/edge/worker/http/arrival.ts'

describe('routes', () => {
  const table = new RouteTable([
    routeTo(1, { domain: 'shop.test' }),
    routeTo(2, { domain: '*.shop.test' }),
    routeTo(3, { domain: 'www.shop.test' }),
    routeTo(4, { domain: '*.test' }),
  ])
  test.each([
    ['shop.test', 'shop.test'],
    ['www.shop.test', 'www.shop.test'],
    ['cart.shop.test', '*.shop.test'],
    ['a.shop.test', '*.shop.test'],
    ['other.test', '*.test'],
    ['a.b.shop.test', undefined],
    ['test', undefined],
    ['*.shop.test', undefined],
    ['.shop.test', undefined],
    ['', undefined],
    ['localhost', undefined],
  ])('sends %s to %s', (hostname, domain) => {
    expect(table.lookup(hostname, null)?.domain).toBe(domain)
  })

  test('looks names up in lower case and without the final dot', () => {
    expect(normaliseHostname('Shop.TEST.')).toBe('shop.test')
    expect(normaliseHostname('Shop.TEST')).toBe('shop.test')
  })
})

describe('redirects', () => {
  const request = { hostname: 'shop.test', target: '/a?b=c', secure: false } as EdgeRequest
  const ports = { https: 8443, http: 8080 }
  const to = (mode: 'none' | 'https' | 'http', certificateId: string | null = 'shop') =>
    servedRoute(routeTo(1, { redirect: { mode, code: 308 }, certificateId }))

  test('goes to the other scheme on its public port, path and query kept, with the status code of the domain', () => {
    expect(redirectFor(request, to('https'), ports)).toEqual({
      status: 308,
      location: 'https://shop.test:8443/a?b=c',
    })
    expect(redirectFor({ ...request, secure: true }, to('http'), ports)).toEqual({
      status: 308,
      location: 'http://shop.test:8080/a?b=c',
    })
  })
  test('leaves the default ports out', () => {
    const defaults = { https: 443, http: 80 }
    expect(redirectFor(request, to('https'), defaults)).toEqual({
      status: 308,
      location: 'https://shop.test/a?b=c',
    })
    expect(redirectFor({ ...request, secure: true }, to('http'), defaults)).toEqual({
      status: 308,
      location: 'http://shop.test/a?b=c',
    })
  })
  test('does nothing where the request is already right, or HTTPS is off', () => {
    expect(redirectFor({ ...request, secure: true }, to('https'), ports)).toBeNull()
    expect(redirectFor(request, to('http'), ports)).toBeNull()
    expect(redirectFor(request, to('none'), ports)).toBeNull()
    expect(redirectFor(request, to('https', null), ports)).toBeNull()
  })
  test('sends OPTIONS * to the root', () => {
    expect(redirectFor({ ...request, target: '*' }, to('https'), ports)).toEqual({
      status: 308,
      location: 'https://shop.test:8443/',
    })
  })
})
