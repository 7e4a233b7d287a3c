import { describe, expect, it } from 'vitest'
import {
  firstServer,
  looksLikeHost,
  looksLikePort,
  originInWords,
  parseOrigin,
  sameOrigin,
} from '../../../../../src/renderer/features/domains/origin-value.ts'

describe('an origin as a person types it', () => {
  it.each([
    ['http://127.0.0.1:3000', 'http', '127.0.0.1', 3000],
    ['localhost:8000', 'http', 'localhost', 8000],
    ['3000', 'http', '127.0.0.1', 3000],
    ['  http://example.com/ ', 'http', 'example.com', 80],
    ['http://[::1]:3000', 'http', '::1', 3000],
    ['h2c://127.0.0.1:50051', 'h2c', '127.0.0.1', 50051],
  ])('%s is read', (text, protocol, host, httpPort) => {
    expect(parseOrigin(text)).toMatchObject({ protocol, host, httpPort })
  })

  it('is HTTPS on its own port where it says https', () => {
    expect(parseOrigin('https://staging.example.com')).toMatchObject({ protocol: 'https', httpsPort: 443 })
    expect(parseOrigin('https://staging.example.com:8443')).toMatchObject({ httpsPort: 8443, httpPort: 80 })
  })

  it('is a folder where it is a path of one', () => {
    expect(parseOrigin('/srv/shop')).toEqual({ protocol: 'folder', folder: '/srv/shop', dotFiles: false })
    expect(parseOrigin('file:///srv/shop')).toMatchObject({ folder: '/srv/shop' })
    expect(originInWords({ protocol: 'folder', folder: '/srv/shop', dotFiles: false })).toBe('/srv/shop')
  })

  it.each([
    '',
    'ftp://example.com',
    'http://',
    'http://a/path',
    'http://a?x=1',
    'http://me:secret@a',
    '70000',
    '0',
    'a b',
  ])('%j is none', (text) => expect(parseOrigin(text)).toBeNull())
})

describe('an origin in words', () => {
  const origin = firstServer
  it('leaves out the port that goes without saying', () => {
    expect(originInWords({ ...origin, httpPort: 80 })).toBe('http://127.0.0.1')
    expect(originInWords({ ...origin, protocol: 'https' })).toBe('https://127.0.0.1')
  })
  it('names both ports where it follows', () => {
    expect(originInWords({ ...origin, protocol: 'follow' })).toBe('127.0.0.1:3000 / 443')
  })
  it('puts an IPv6 address in brackets', () => {
    expect(originInWords({ ...origin, host: '::1' })).toBe('http://[::1]:3000')
  })
})

describe('what can be an origin', () => {
  it('compares every field', () => {
    const origin = firstServer
    expect(sameOrigin(origin, { ...origin })).toBe(true)
    expect(sameOrigin(origin, { ...origin, sni: 'shop.test' })).toBe(false)
  })
  it('knows a host and a port from what is neither', () => {
    expect(['127.0.0.1', '::1', 'staging'].every(looksLikeHost)).toBe(true)
    expect(['', 'a/b', 'a b', 'user@a'].some(looksLikeHost)).toBe(false)
    expect([1, 65535].every(looksLikePort)).toBe(true)
    expect([0, 65536, 1.5, Number.NaN].some(looksLikePort)).toBe(false)
  })
})
