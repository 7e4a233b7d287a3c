import { describe, expect, test } from 'vitest'
import { headerFindings } from '../../../../../src/edge/worker/findings/header-findings.ts'

const looked = {
  secure: true,
  host: 'shop.test:8443',
  hostname: 'shop.test',
  target: '/cart?id=1',
  status: 200,
  headers: [] as string[],
  redirectMode: 'https' as 'none' | 'https' | 'http',
  isHsts: false,
}
const found = (headers: string[], more: Partial<typeof looked> = {}) =>
  headerFindings({ ...looked, headers, ...more }).map(({ kind, example }) => `${kind} ${example}`.trim())
const sent = (location: string, more: Partial<typeof looked> = {}) =>
  found(['Location', location], { status: 302, ...more })

describe('a redirect of the origin', () => {
  test('leaves the session behind where it leads to localhost, or a sign-in calls back there', () => {
    const local = 'redirect.to-localhost http://localhost:3000/callback'
    expect(sent('http://localhost:3000/callback?code=secret')).toEqual([local])
    expect(sent('http://127.0.0.1:3000/')).toEqual(['redirect.to-localhost http://127.0.0.1:3000/'])
    const signIn = 'https://login.example/authorize?client=1&redirect_uri='
    expect(sent(`${signIn}${encodeURIComponent('http://localhost:3000/callback?x=1')}`)).toEqual([local])
    expect(sent(`${signIn}${encodeURIComponent('https://shop.test:8443/callback')}`)).toEqual([])
    expect(sent('http://localhost:3000/', { secure: false })).toEqual([])
  })

  test('leads to HTTP where it names its own loopback name', () => {
    const own = { host: 'app.localhost:8443', hostname: 'app.localhost', redirectMode: 'none' as const }
    expect(sent('http://app.localhost:3000/a', own)).toEqual(['redirect.to-http http://app.localhost:3000/a'])
    expect(sent('http://localhost:3000/a', own)).toEqual(['redirect.to-localhost http://localhost:3000/a'])
  })

  test('leads back where the edge sends HTTP to HTTPS again', () => {
    expect(sent('http://shop.test/cart?id=1')).toEqual(['redirect.loop http://shop.test/cart'])
    expect(sent('http://shop.test:8080/cart?id=1')).toEqual(['redirect.loop http://shop.test:8080/cart'])
  })

  test('leads back where HSTS makes the browser do it', () => {
    const back = 'http://shop.test/cart?id=1'
    expect(sent(back, { redirectMode: 'none', isHsts: true })).toEqual([
      'redirect.loop http://shop.test/cart',
    ])
    expect(sent(back, { redirectMode: 'none' })).toEqual(['redirect.to-http http://shop.test/cart'])
  })

  test('leads back to itself', () => {
    expect(sent('/cart?id=1')).toEqual(['redirect.loop https://shop.test:8443/cart'])
    expect(sent('https://shop.test:8443/cart?id=1')).toEqual(['redirect.loop https://shop.test:8443/cart'])
  })

  test('loops if it goes to HTTPS and the edge redirects HTTPS to HTTP', () => {
    const http = { secure: false, host: 'shop.test:8080', redirectMode: 'http' as const }
    expect(sent('https://shop.test/cart?id=1', http)).toEqual(['redirect.loop https://shop.test/cart'])
    expect(sent('https://shop.test/cart?id=1', { ...http, redirectMode: 'none' })).toEqual([])
  })

  test('does not loop if it has another address, or a cookie that makes a difference', () => {
    expect(sent('/cart?id=2')).toEqual([])
    expect(sent('https://other.test/cart?id=1')).toEqual([])
    expect(found(['Location', '/cart?id=1', 'Set-Cookie', 'a=1; Secure'], { status: 302 })).toEqual([])
    expect(sent('http://[', {})).toEqual([])
  })
})

describe('a cookie that is set over HTTPS', () => {
  test.each([
    ['a=1; Path=/', ['cookie.not-secure a']],
    ['a=1; SameSite=None', ['cookie.same-site-none a']],
    ['a=1; samesite=none; secure', []],
    ['__Host-a=1; Secure; Path=/', []],
    ['__Host-a=1; Secure; Path=/; Domain=shop.test', ['cookie.prefix __Host-a']],
    ['__Secure-a=1', ['cookie.prefix __Secure-a', 'cookie.not-secure __Secure-a']],
  ])('%s', (cookie, kinds) => {
    expect(found(['Set-Cookie', cookie])).toEqual(kinds)
    expect(found(['Set-Cookie', cookie], { secure: false })).toEqual([])
  })
})

test('a Content-Security-Policy is read for what HTTPS makes of it', () => {
  const policy =
    "default-src 'self'; script-src http://cdn.test/x http://localhost:3000; block-all-mixed-content"
  expect(found(['Content-Security-Policy', policy])).toEqual([
    'csp.http-source script-src http://cdn.test/x',
    'csp.blocks-mixed',
  ])
})

test('HSTS of the origin is reported', () => {
  expect(found(['Strict-Transport-Security', 'max-age=5'])).toEqual(['hsts.from-origin max-age=5'])
})

describe('the domain of a cookie', () => {
  const cookie = (domain: string, hostname: string) =>
    found(['Set-Cookie', `sid=secret; Secure; Domain=${domain}`], { hostname })

  test.each([
    ['localhost', 'shop.test'],
    ['localhost', 'app.localhost'],
    ['other.test', 'shop.test'],
    ['op.test', 'shop.test'],
    ['www.shop.test', 'shop.test'],
  ])('%s is rejected for %s', (domain, hostname) => {
    expect(cookie(domain, hostname)).toEqual([`cookie.domain sid; Domain=${domain}`])
  })

  test.each([
    ['shop.test', 'shop.test'],
    ['.Shop.test', 'www.shop.test'],
    ['localhost', 'localhost'],
    ['', 'shop.test'],
  ])('%s is right for %s', (domain, hostname) => {
    expect(cookie(domain, hostname)).toEqual([])
  })
})
