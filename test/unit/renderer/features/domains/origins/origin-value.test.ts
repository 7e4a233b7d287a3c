import { describe, expect, test } from 'vitest'
import {
  firstServer,
  looksLikeHost,
  looksLikePort,
  formatOrigin,
  sameOrigin,
} from '../../../../../../src/renderer/features/domains/origins/origin-value.ts'
import { readOrigin } from '../../../../../../src/domain/origin-url.ts'

describe('an origin as a person types it', () => {
  test('is read by the rule that the command line has too', () => {
    expect(readOrigin(' 3000 ')).toMatchObject({
      origin: { protocol: 'http', host: '127.0.0.1', httpPort: 3000 },
    })
    expect(readOrigin('example.com')).toMatchObject({ origin: { protocol: 'follow', host: 'example.com' } })
    expect(readOrigin('/srv/shop')).toMatchObject({ origin: { protocol: 'folder', folder: '/srv/shop' } })
  })

  test('is refused with the sentence that says why', () => {
    expect(readOrigin('http://a/path')).toMatchObject({ problem: expect.stringContaining('it holds a path') })
    expect(readOrigin('99999')).toMatchObject({ problem: expect.stringContaining('99999 is not a port') })
  })
})

describe('an origin in words', () => {
  const origin = firstServer
  test('leaves out the port that goes without saying', () => {
    expect(formatOrigin({ ...origin, httpPort: 80 })).toBe('http://127.0.0.1')
    expect(formatOrigin({ ...origin, protocol: 'https' })).toBe('https://127.0.0.1')
  })
  test('names both ports where it follows', () => {
    expect(formatOrigin({ ...origin, protocol: 'follow' })).toBe('127.0.0.1:3000 / 443')
  })
  test('names a folder by its path', () => {
    expect(formatOrigin({ protocol: 'folder', folder: '/srv/shop', dotFiles: false })).toBe('/srv/shop')
  })
  test('puts an IPv6 address in brackets', () => {
    expect(formatOrigin({ ...origin, host: '::1' })).toBe('http://[::1]:3000')
  })
})

describe('an origin value', () => {
  test('is compared in every field', () => {
    const origin = firstServer
    expect(sameOrigin(origin, { ...origin })).toBe(true)
    expect(sameOrigin(origin, { ...origin, sni: 'shop.test' })).toBe(false)
  })
  test('distinguishes a host and a port from invalid text', () => {
    expect(['127.0.0.1', '::1', 'staging'].every(looksLikeHost)).toBe(true)
    expect(['', 'a/b', 'a b', 'user@a'].some(looksLikeHost)).toBe(false)
    expect([1, 65535].every(looksLikePort)).toBe(true)
    expect([0, 65536, 1.5, Number.NaN].some(looksLikePort)).toBe(false)
  })
})
