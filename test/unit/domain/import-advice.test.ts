import { describe, expect, test } from 'vitest'
import { importAdvice } from '../../../src/domain/import-advice.ts'
import { successorsIn } from '../../../src/domain/successors.ts'
import { certificateFacts, domainFacts, httpsOn } from '../renderer/features/domains/domain-facts.ts'

const now = new Date('2026-11-29T00:00:00.000Z')
const later = { notAfter: '2027-11-01T00:00:00.000Z' }
const domain = (name: string, https = domainFacts().https) => domainFacts({ name, displayName: name, https })

describe('advice after an import', () => {
  const certificates = [
    certificateFacts('wide', { dnsNames: ['*.shop.test'] }),
    certificateFacts('exact', { dnsNames: ['blog.test', 'www.blog.test'] }),
    certificateFacts('new', { dnsNames: ['new.test', '*.new.test'] }),
    certificateFacts('earlier', { dnsNames: ['other.test'] }),
  ]
  const domains = [
    domain('a.shop.test'),
    domain('b.shop.test', httpsOn(certificateFacts('own'))),
    domain('deep.a.shop.test'),
    domain('blog.test'),
  ]

  test('names the domains that the new certificates cover, and the names that none serves', () => {
    const imported = new Set(['wide', 'exact', 'new'])
    expect(importAdvice(imported, { certificates, domains, now })).toEqual({
      covering: 2,
      domains: ['a.shop.test', 'blog.test'],
      unserved: 1,
      names: ['*.new.test', 'new.test'],
      successors: [],
    })
  })
})

test('an expired import is used for no domain', () => {
  const expired = certificateFacts('old', { dnsNames: ['shop.test'], notAfter: '2026-11-01T00:00:00.000Z' })
  const lists = { certificates: [expired], domains: [domain('shop.test')], now }
  expect(importAdvice(new Set(['old']), lists)).toMatchObject({ covering: 1, domains: [] })
})

describe('the successor of a certificate that is ending', () => {
  const old = certificateFacts('old', {
    dnsNames: ['shop.test', 'www.shop.test'],
    usedBy: ['shop.test'],
    expiry: 'expiring',
    notAfter: '2026-12-10T00:00:00.000Z',
  })
  const named = (...others: ReturnType<typeof certificateFacts>[]) =>
    successorsIn({ certificates: [old, ...others], now }).map(({ next }) => next.id)

  test('covers all its names and ends later', () => {
    const both = { dnsNames: ['www.shop.test', 'shop.test', 'more.test'] }
    expect(named(certificateFacts('next', { ...both, ...later }))).toEqual(['next'])
    expect(named(certificateFacts('wild', { dnsNames: ['*.shop.test', 'shop.test'], ...later }))).toEqual([
      'wild',
    ])
    expect(named(certificateFacts('fewer', { dnsNames: ['shop.test'], ...later }))).toEqual([])
    expect(named(certificateFacts('sooner', { ...both, notAfter: '2026-12-01T00:00:00.000Z' }))).toEqual([])
    expect(named(certificateFacts('revoked', { ...both, ...later, revoked: true }))).toEqual([])
  })

  test('is trusted by as many clients', () => {
    const both = { dnsNames: ['www.shop.test', 'shop.test'], ...later }
    expect(named(certificateFacts('local', { ...both, kind: 'free' }))).toEqual([])
  })

  test('is looked for only where a certificate is used and has to be renewed by a person', () => {
    const next = certificateFacts('next', { dnsNames: old.dnsNames, ...later })
    const of = (change: object) => successorsIn({ certificates: [{ ...old, ...change }, next], now })
    expect(of({ usedBy: [] })).toEqual([])
    expect(of({ expiry: 'ok' })).toEqual([])
    expect(of({ expiry: 'ok', revoked: true })).toHaveLength(1)
  })
})
