import { describe, expect, test } from 'vitest'
import {
  choicesFor,
  coversDomain,
  namesLost,
} from '../../../../../../src/renderer/features/domains/https/certificate-fit.ts'
import { someNames } from '../../../../../../src/renderer/ui/certificate/some-names.ts'
import { certificateFacts, domainFacts, httpsOn } from '../domain-facts.ts'

describe('whether a certificate covers a domain', () => {
  test('is decided by the rule that the engine has too: none under a bare top-level domain', () => {
    const covers = (name: string) =>
      coversDomain({ dnsNames: [name], ipNames: [] }, { name: 'www.shop.test' })
    expect(covers('*.shop.test')).toBe(true)
    expect(covers('*.test')).toBe(false)
    expect(coversDomain({ dnsNames: ['*.test'], ipNames: [] }, { name: 'shop.test' })).toBe(false)
  })
})

describe('the choice of certificates for a domain', () => {
  const now = new Date('2026-11-28T12:00:00.000Z')

  test('offers those that cover it, the one in use first, then those valid now, then the longest valid', () => {
    const current = certificateFacts('current', { notAfter: '2026-12-01T00:00:00.000Z' })
    const long = certificateFacts('long', { notAfter: '2027-12-01T00:00:00.000Z' })
    const other = certificateFacts('other', { dnsNames: ['blog.test'] })
    const future = certificateFacts('future', {
      notBefore: '2031-11-28T00:00:00.000Z',
      notAfter: '2032-12-01T00:00:00.000Z',
    })
    const domain = domainFacts({ https: httpsOn(current) })
    const { fitting, others } = choicesFor(domain, [future, other, long, current], now)
    expect(fitting.map(({ id }) => id)).toEqual(['current', 'long', 'future'])
    expect(others.map(({ id }) => id)).toEqual(['other'])
  })

  test('tells which names a swap loses', () => {
    const before = certificateFacts('a', { dnsNames: ['shop.test', 'www.shop.test'], ipNames: ['10.0.0.1'] })
    expect(namesLost(before, certificateFacts('b'))).toEqual(['www.shop.test', '10.0.0.1'])
    const wildcard = certificateFacts('c', { dnsNames: ['shop.test', '*.shop.test'], ipNames: ['10.0.0.1'] })
    expect(namesLost(before, wildcard)).toEqual([])
    expect(namesLost(null, certificateFacts('b'))).toEqual([])
  })
})

describe('the names of a certificate in a line', () => {
  test('are the first few and how many more there are', () => {
    expect(someNames(certificateFacts('a'), 2)).toEqual({ names: 'shop.test', count: 0 })
    const many = certificateFacts('b', { dnsNames: ['a.test', 'b.test', 'c.test'], ipNames: ['10.0.0.1'] })
    expect(someNames(many, 2)).toEqual({ names: 'a.test, b.test', count: 2 })
  })
})
