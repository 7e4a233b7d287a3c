import { describe, expect, test } from 'vitest'
import { planBulk } from '../../../src/domain/bulk-plan.ts'
import { certificateFacts, domainFacts, httpsOn } from '../renderer/features/domains/domain-facts.ts'

const now = new Date('2026-11-29T00:00:00.000Z')
const certificates = [
  certificateFacts('short', { dnsNames: ['shop.test'], notAfter: '2026-12-31T00:00:00.000Z' }),
  certificateFacts('long', { dnsNames: ['shop.test', '*.shop.test'], notAfter: '2027-11-30T00:00:00.000Z' }),
  certificateFacts('trusted', { dnsNames: ['mixed.test'], notAfter: '2027-02-01T00:00:00.000Z' }),
  certificateFacts('local', { dnsNames: ['mixed.test'], notAfter: '2027-10-01T00:00:00.000Z', kind: 'free' }),
  certificateFacts('self-signed', {
    ...{ dnsNames: ['mixed.test'], title: 'mixed.test', issuer: 'CN=mixed.test,O=Shop' },
    notAfter: '2027-11-01T00:00:00.000Z',
  }),
  certificateFacts('wildcard', { dnsNames: ['*.only.test'] }),
  certificateFacts('own root', { dnsNames: ['www.only.test'], notAfter: '2036-11-01T00:00:00.000Z' }),
  certificateFacts('long-lived', {
    dnsNames: ['mixed.test', 'only.test'],
    notAfter: '2036-11-01T00:00:00.000Z',
  }),
  certificateFacts('expired', { dnsNames: ['old.test'], notAfter: '2026-11-01T00:00:00.000Z' }),
  certificateFacts('revoked', { dnsNames: ['gone.test'], revoked: true }),
]
const named = (name: string, https = domainFacts().https) => domainFacts({ name, displayName: name, https })
const on = httpsOn(certificateFacts('own'))
const plan = (act: Parameters<typeof planBulk>[0], ...domains: ReturnType<typeof named>[]) =>
  planBulk(act, domains, { certificates, now }).map(({ text, skip, certificate }) => [
    text,
    skip,
    certificate?.id,
  ])

describe('the plan of an act on many domains', () => {
  test('turns HTTPS on with the valid certificate that lasts longest, by name or wildcard', () => {
    expect(plan('httpsOn', named('shop.test'), named('www.shop.test'))).toEqual([
      ['withCertificate', false, 'long'],
      ['withCertificate', false, 'long'],
    ])
  })

  test('prefers a certificate of an authority to a self-signed one or one too long for a public authority', () => {
    expect(plan('httpsOn', named('mixed.test'), named('only.test'), named('www.only.test'))).toEqual([
      ['withCertificate', false, 'trusted'],
      ['withCertificate', false, 'long-lived'],
      ['withCertificate', false, 'wildcard'],
    ])
  })

  test('issues a free one where no certificate is good, and resumes a paused domain with its own', () => {
    const paused = named('paused.test', { ...on, state: 'paused' })
    expect(plan('httpsOn', named('old.test'), named('gone.test'), named('a.b.shop.test'), paused)).toEqual([
      ['free', false, undefined],
      ['free', false, undefined],
      ['free', false, undefined],
      ['resume', false, undefined],
    ])
  })

  test('issues no free one for a name that the local authority may not vouch for', () => {
    const facts = { certificates, now, suffixes: ['shop.test'] }
    const texts = planBulk('httpsOn', [named('a.b.shop.test'), named('old.test')], facts).map(
      ({ text, skip }) => [text, skip],
    )
    expect(texts).toEqual([
      ['free', false],
      ['notPermitted', true],
    ])
  })

  test('swaps to the certificate that is named, where it covers the domain', () => {
    const chosen = certificateFacts('chosen', { dnsNames: ['*.shop.test'] })
    const served = httpsOn(chosen)
    const domains = [named('a.shop.test', on), named('b.shop.test', served), named('old.test')]
    const steps = planBulk('httpsOn', domains, { certificates, now, chosen })
    expect(steps.map(({ text, skip }) => [text, skip])).toEqual([
      ['withCertificate', false],
      ['alreadyServed', true],
      ['notCovered', true],
    ])
    const free = planBulk('httpsOn', [named('shop.test')], { certificates, now, chosen: 'free' })
    expect(free).toMatchObject([{ text: 'free' }])
  })

  test('leaves out what it would not change', () => {
    expect(plan('httpsOn', named('shop.test', on))).toEqual([['alreadyOn', true, undefined]])
    expect(plan('pause', named('shop.test', on), named('off.test'))).toEqual([
      ['pause', false, undefined],
      ['notOn', true, undefined],
    ])
    expect(plan('httpsOff', named('shop.test', on), named('off.test'))).toEqual([
      ['off', false, undefined],
      ['alreadyOff', true, undefined],
    ])
    expect(plan('verify', named('off.test'))).toEqual([['verify', false, undefined]])
  })
})
