import { describe, expect, test } from 'vitest'
import { ask, noes } from '../../../support/pki/ask.ts'
import {
  accessInformation,
  makeCertificate,
  makeChain,
  makeKeys,
} from '../../../support/pki/certificate-maker.ts'

const { root, intermediate, leaf } = makeChain()
const shop = { leaf, host: 'shop.test' }
const expired = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-01-01T00:00:00Z') }
const reason = (query: Parameters<typeof ask>[0]) => ask(query).answers.authority.reason

describe('the nearest path is reported if none holds', () => {
  test('a broken rule on the way to a root says more than an issuer that is missing', () => {
    const keys = makeKeys()
    const old = makeCertificate({ subject: 'Authority', authority: true, issuer: root, keys, ...expired })
    const strange = makeCertificate({ subject: 'Strange root', authority: true })
    const cross = makeCertificate({ subject: 'Authority', authority: true, issuer: strange, keys })
    const site = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: old })
    for (const intermediates of [
      [old, cross],
      [cross, old],
    ]) {
      const verification = ask({ leaf: site, intermediates, anchors: [root], host: 'shop.test' })
      expect(noes(verification)).toEqual(['expired'])
    }
  })

  test('an issuer that is missing says more than one of its name that did not sign', () => {
    const namesake = makeCertificate({ subject: 'Intermediate', authority: true, issuer: root })
    const verification = ask({ ...shop, intermediates: [namesake], anchors: [root] })
    expect(noes(verification)).toEqual(['unknown_authority', 'issuer_missing'])
  })

  test('the longer of two without an end is reported', () => {
    const keys = makeKeys()
    const [one, two] = [1, 2].map((at) => makeCertificate({ subject: `Lost ${at}`, authority: true }))
    const high = makeCertificate({ subject: 'High', authority: true, issuer: one! })
    const short = makeCertificate({ subject: 'Issuer', authority: true, issuer: two!, keys })
    const long = makeCertificate({ subject: 'Issuer', authority: true, issuer: high, keys })
    const site = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: short })
    for (const intermediates of [
      [short, long, high],
      [high, long, short],
    ])
      expect(reason({ leaf: site, intermediates, anchors: [root] })).toContain(
        'the issuer of “High”, “Lost 1”',
      )
  })
})

describe('a path without an end', () => {
  test('says that the files hold another certificate with the issuer’s name', () => {
    const namesake = makeCertificate({ subject: 'Intermediate', authority: true })
    expect(reason({ ...shop, intermediates: [namesake], anchors: [root] })).toBe(
      'No trusted authority issued it: its issuer, “Intermediate”, was not found (searched: the files, the given roots). The certificate with this name in the files has a different key.',
    )
  })

  test('says the same of the issuer of an intermediate, and where it is published', () => {
    const impostor = makeCertificate({ subject: 'Root', authority: true })
    const chain = makeChain({
      intermediate: { extensions: { '1.3.6.1.5.5.7.1.1': accessInformation('http://ca.test/root.crt') } },
    })
    const query = { leaf: chain.leaf, intermediates: [chain.intermediate] }
    expect(reason({ ...query, anchors: [impostor] })).toBe(
      'The intermediate “Root” is missing (searched: the files, the given roots). The certificate with this name in the files has a different key. Add it; it is published at http://ca.test/root.crt.',
    )
    expect(reason({ ...shop, intermediates: [intermediate], anchors: [leaf] })).toBe(
      'It is itself among the given roots.',
    )
  })

  test('says which issuer of which certificate is missing', () => {
    const other = makeCertificate({ subject: 'Other', authority: true })
    expect(reason({ ...shop, intermediates: [intermediate], anchors: [other] })).toBe(
      'No trusted authority issued it: the issuer of “Intermediate”, “Root”, was not found (searched: the files, the given roots).',
    )
  })

  test('says that an issuer has an empty name', () => {
    const nameless = makeCertificate({
      subject: 'shop.test',
      issuer: root,
      issuerName: Uint8Array.of(0x30, 0),
    })
    expect(reason({ leaf: nameless, anchors: [root] })).toContain('its issuer, “a name that is empty”')
  })

  test('says that it is self-signed, or leads to a self-signed root', () => {
    const alone = makeCertificate({ subject: 'shop.test', names: ['shop.test'] })
    expect(reason({ leaf: alone, anchors: [root] })).toBe(
      'It is self-signed: no trusted authority issued it (searched: the given roots).',
    )
    expect(reason({ ...shop, intermediates: [intermediate, root], anchors: [alone] })).toBe(
      'It chains to “Root”, which is not trusted (searched: the given roots).',
    )
  })
})
