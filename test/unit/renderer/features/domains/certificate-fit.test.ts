import { describe, expect, it } from 'vitest'
import {
  choicesFor,
  coversName,
  fateOfCertificates,
  namesLost,
  someNames,
} from '../../../../../src/renderer/features/domains/certificate-fit.ts'
import { certificateFacts, domainFacts, httpsOn } from './domain-facts.ts'

describe('whether a certificate covers a domain', () => {
  const covers = (dnsNames: string[], domain: string) => coversName({ dnsNames, ipNames: [] }, domain)
  it('takes a wildcard for exactly one label', () => {
    expect(covers(['*.shop.test'], 'www.shop.test')).toBe(true)
    expect(covers(['*.shop.test'], 'a.b.shop.test')).toBe(false)
    expect(covers(['*.shop.test'], 'shop.test')).toBe(false)
  })
  it('wants the same wildcard for a wildcard domain', () => {
    expect(covers(['*.shop.test'], '*.shop.test')).toBe(true)
    expect(covers(['www.shop.test'], '*.shop.test')).toBe(false)
  })
  it('does not mind case, and takes an address from the addresses only', () => {
    expect(covers(['SHOP.test'], 'shop.test')).toBe(true)
    expect(coversName({ dnsNames: ['127.0.0.1'], ipNames: [] }, '10.0.0.1')).toBe(false)
    expect(coversName({ dnsNames: [], ipNames: ['10.0.0.1'] }, '10.0.0.1')).toBe(true)
  })
})

describe('the choice of certificates for a domain', () => {
  it('offers those that cover it, the one in use first, then the longest valid', () => {
    const current = certificateFacts('current', { notAfter: '2026-12-01T00:00:00.000Z' })
    const long = certificateFacts('long', { notAfter: '2027-12-01T00:00:00.000Z' })
    const other = certificateFacts('other', { dnsNames: ['blog.test'] })
    const { fitting, others } = choicesFor(domainFacts({ https: httpsOn(current) }), [other, long, current])
    expect(fitting.map(({ id }) => id)).toEqual(['current', 'long'])
    expect(others.map(({ id }) => id)).toEqual(['other'])
  })

  it('tells which names a swap loses', () => {
    const before = certificateFacts('a', { dnsNames: ['shop.test', 'www.shop.test'], ipNames: ['10.0.0.1'] })
    expect(namesLost(before, certificateFacts('b'))).toEqual(['www.shop.test', '10.0.0.1'])
    expect(namesLost(null, certificateFacts('b'))).toEqual([])
  })
})

describe('what ending HTTPS erases', () => {
  it('is the certificate and the one before it, unless kept or used elsewhere', () => {
    const current = certificateFacts('current', { usedBy: ['shop.test'] })
    const previous = certificateFacts('previous')
    const kept = certificateFacts('kept', { kept: true, usedBy: ['shop.test'] })
    const shared = certificateFacts('shared', { usedBy: ['shop.test', 'blog.test'] })
    const fate = (certificate: typeof current, before: typeof previous) => {
      const previousCertificate = { id: before.id, name: before.name }
      const domain = domainFacts({ https: httpsOn(certificate, { previousCertificate }) })
      const { erased, kept: stays } = fateOfCertificates(domain, [current, previous, kept, shared])
      return { erased: erased.map(({ id }) => id), stays: stays.map(({ id }) => id) }
    }
    expect(fate(current, previous)).toEqual({ erased: ['current', 'previous'], stays: [] })
    expect(fate(kept, shared)).toEqual({ erased: [], stays: ['kept', 'shared'] })
  })
})

describe('the names of a certificate in a line', () => {
  it('are the first few and how many more there are', () => {
    expect(someNames(certificateFacts('a'), 2)).toEqual({ names: 'shop.test', count: 0 })
    const many = certificateFacts('b', { dnsNames: ['a.test', 'b.test', 'c.test'], ipNames: ['10.0.0.1'] })
    expect(someNames(many, 2)).toEqual({ names: 'a.test, b.test', count: 2 })
  })
})
