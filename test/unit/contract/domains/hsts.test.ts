import { describe, expect, test } from 'vitest'
import { hstsFault, hstsNotes, hstsPolicySchema } from '../../../../src/contract/domains/hsts.ts'
import { preloadedSuffix } from '../../../../src/contract/domains/preloaded-suffixes.ts'

const hsts = { days: 30, includeSubDomains: false, preload: false }
const kinds = (...args: Parameters<typeof hstsNotes>) => hstsNotes(...args).map(({ kind }) => kind)

describe('the notes on HSTS', () => {
  test('name what a browser remembers and where it applies', () => {
    expect(kinds('shop.test', hsts, 'none')).toEqual(['remembered', 'other-ports'])
    expect(kinds('shop.test', { days: 400, includeSubDomains: true, preload: true }, 'https')).toEqual([
      'remembered',
      'other-ports',
      'sub-domains',
      'preload',
    ])
  })

  test('are the same for a single day', () => {
    expect(kinds('shop.test', { ...hsts, days: 1 }, 'http')).toEqual(['remembered', 'other-ports', 'loop'])
  })

  test('are empty if HSTS is off or being cleared', () => {
    for (const days of [null, 0]) expect(kinds('shop.test', { ...hsts, days }, 'http')).toEqual([])
  })

  test('warn of the loop with a redirect to HTTP', () => {
    expect(kinds('shop.test', hsts, 'http')).toContain('loop')
    expect(kinds('shop.dev', { ...hsts, days: null }, 'http')).toEqual(['preloaded', 'loop'])
  })
})

test('HSTS says nothing until that is asked for, and is remembered for 730 days at most', () => {
  expect(hstsPolicySchema.parse({})).toEqual({ days: null, includeSubDomains: false, preload: false })
  const takes = (days: number) => hstsPolicySchema.safeParse({ days }).success
  expect([-1, 0, 1, 730, 731, 1.5].map(takes)).toEqual([false, true, true, true, false, false])
})

test('the preload list has its rule', () => {
  expect(hstsFault({ days: 365, includeSubDomains: true, preload: true })).toBeNull()
  expect(hstsFault({ days: 364, includeSubDomains: true, preload: true })).toMatch(/365 days/)
  expect(hstsFault({ days: null, includeSubDomains: true, preload: true })).toMatch(/365 days/)
  expect(hstsFault({ days: 1, includeSubDomains: false, preload: false })).toBeNull()
})

test.each([
  ['shop.dev', 'dev'],
  ['*.shop.app', 'app'],
  ['a.b.now.sh', 'now.sh'],
  ['page', 'page'],
  ['shop.test', null],
  ['dev.shop.test', null],
  ['shop.sh', null],
])('browsers force HTTPS on %s by the suffix %s', (domain, suffix) => {
  expect(preloadedSuffix(domain)).toBe(suffix)
})
