import { describe, expect, test } from 'vitest'
import { replacementObjections } from '../../../../src/engine/renewal/replacement-check.ts'
import { chainFromPem } from '../../../../src/pki/facts/certificate.ts'
import { createTestAuthority, issueTestLeaf, type LeafOptions } from '../../../support/pki/certificates.ts'

const root = createTestAuthority({ commonName: 'Root' })
const authority = createTestAuthority({ commonName: 'Intermediate', issuer: root })
const now = new Date()
const notAfter = new Date(Date.now() + 90 * 86_400_000)
const chain = (over: Partial<LeafOptions> = {}, issuer = authority) => {
  const { leafPem } = issueTestLeaf(issuer, { names: ['shop.test', 'www.shop.test'], notAfter, ...over })
  return chainFromPem(leafPem + issuer.certificatePem)
}
const before = chain()

describe('a new certificate', () => {
  test.each<[string, Uint8Array[]]>([
    ['of the same kind', chain()],
    ['with another name besides', chain({ names: ['shop.test', 'www.shop.test', 'new.shop.test'] })],
    ['with a stronger key', chain({ key: 'p384' })],
    ['that ends later', chain({ notAfter: new Date(notAfter.getTime() + 86_400_000) })],
  ])('%s takes the place of the one before', (_what, after) => {
    expect(replacementObjections(before, after, now)).toEqual([])
  })

  test.each<[string, Uint8Array[], Uint8Array[], RegExp]>([
    ['that lost a name', before, chain({ names: ['shop.test'] }), /^it no longer covers www\.shop\.test$/],
    ['with a weaker key', chain({ key: 'rsa3072' }), chain({ key: 'rsa' }), /weaker|2048|3072/],
    [
      'of another authority',
      before,
      chain({}, createTestAuthority({ commonName: 'Other' })),
      /^another authority issued it: Other/,
    ],
    ['without its intermediates', before, before.slice(0, 1), /^it came without the intermediates/],
    [
      'that ends earlier',
      before,
      chain({ notAfter: new Date(notAfter.getTime() - 86_400_000) }),
      /^it ends earlier, on 20/,
    ],
  ])('%s is not put in place without asking', (_what, old, after, reason) => {
    expect(replacementObjections(old, after, now).some((each) => reason.test(each))).toBe(true)
  })

  test.each([
    ['expired', -400, -3],
    ['is not valid yet', 1500, 1900],
  ])('that ends earlier takes the place of one that %s', (_state, from, until) => {
    const day = (count: number) => new Date(now.getTime() + count * 86_400_000)
    const old = chain({ notBefore: day(from), notAfter: day(until) })
    expect(replacementObjections(old, chain({ notAfter: day(-4) }), now)).toEqual([])
  })

  test('lists every disadvantage', () => {
    const other = createTestAuthority({ commonName: 'Other' })
    expect(replacementObjections(before, chain({ names: ['shop.test'] }, other), now)).toHaveLength(2)
  })
})
