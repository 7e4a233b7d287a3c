import { describe, expect, test } from 'vitest'
import { promisedProblems, replacementProblems } from '../../../../src/pki/comparison/replacement.ts'
import { chainFromPem } from '../../../../src/pki/facts/certificate.ts'
import { verifyCertificate } from '../../../../src/pki/verify/verify.ts'
import {
  clientPurpose,
  createTestAuthority,
  issueTestLeaf,
  type LeafOptions,
} from '../../../support/pki/certificates.ts'

const root = createTestAuthority({ commonName: 'Root' })
const authority = createTestAuthority({ commonName: 'Intermediate', issuer: root })
const namesake = createTestAuthority({ commonName: 'Root' })
const now = new Date()
const notAfter = new Date(Date.now() + 90 * 86_400_000)
const chain = (over: Partial<LeafOptions> = {}, issuer = authority) => {
  const { leafPem } = issueTestLeaf(issuer, { names: ['shop.test', 'www.shop.test'], notAfter, ...over })
  return chainFromPem(leafPem + issuer.certificatePem)
}
const side = (certificates: Uint8Array[], trustedAs?: string) => {
  const [leaf, ...intermediates] = certificates as [Uint8Array, ...Uint8Array[]]
  const anchors = trustedAs ? [{ name: trustedAs, certificates: [root.certificateDer] }] : []
  return {
    chain: certificates,
    verification: verifyCertificate({ leaf, intermediates, anchors, at: new Date() }),
  }
}
const day = (count: number) => new Date(now.getTime() + count * 86_400_000)
const before = chain()
const problemsOf = (old: Uint8Array[] | null, fresh: Uint8Array[]) =>
  replacementProblems(old && side(old), side(fresh), now)

describe('a new certificate', () => {
  test.each<[string, Uint8Array[]]>([
    ['of the same kind', chain()],
    ['with another name besides', chain({ names: ['shop.test', 'www.shop.test', 'new.shop.test'] })],
    ['with a stronger key', chain({ key: 'p384' })],
    ['that ends later', chain({ notAfter: new Date(notAfter.getTime() + 86_400_000) })],
    ['that ends earlier, in its first two thirds', chain({ notAfter: day(80) })],
  ])('%s is no worse', (_what, after) => {
    expect(problemsOf(before, after)).toEqual([])
  })

  test.each<[string, Uint8Array[], Uint8Array[], RegExp]>([
    ['that lost a name', before, chain({ names: ['shop.test'] }), /^it no longer covers www\.shop\.test$/],
    ['with a weaker key', chain({ key: 'rsa3072' }), chain({ key: 'rsa' }), /weaker|2048|3072/],
    [
      'of another private authority',
      before,
      chain({}, createTestAuthority({ commonName: 'Other' })),
      /^another authority issued it: Other/,
    ],
    [
      'of another private root with the same name',
      before,
      chain({}, createTestAuthority({ commonName: 'Intermediate', issuer: namesake })),
      /^another authority of the same name issued it: Root$/,
    ],
    [
      'that is for clients only',
      before,
      chain({ purposes: [clientPurpose] }),
      /^it is not issued for TLS servers$/,
    ],
    ['that is an authority', before, chain({ isAuthority: true }), /^it is the certificate of an authority$/],
    [
      'that demands a staple from nobody',
      before,
      chain({ mustStaple: true }),
      /^it demands a stapled OCSP answer, and names no OCSP responder$/,
    ],
    ['of a day for one of months', before, chain({ notAfter: day(1) }), /^it ends earlier, on 20/],
    ['without its intermediates', before, before.slice(0, 1), /^it came without the intermediates/],
    [
      'that ends earlier, in its last third',
      before,
      chain({ notBefore: day(-60), notAfter: day(10) }),
      /^it ends earlier, on 20/,
    ],
    ['that has expired', before, chain({ notBefore: day(-60), notAfter: day(-1) }), /^it expired on 20/],
    ['of the future', before, chain({ notBefore: day(1) }), /^it is not valid before 20/],
  ])('%s is worse', (_what, old, after, reason) => {
    expect(problemsOf(old, after)).toEqual([expect.stringMatching(reason)])
  })

  test('is worse where fewer clients trust it, and not where more do', () => {
    const known = ['public roots', 'system roots', 'local authority', undefined]
    for (const [index, was] of known.entries())
      for (const [place, is] of known.entries())
        expect(replacementProblems(side(before, was), side(chain(), is), now)).toEqual(
          place > index
            ? [expect.stringMatching(/^fewer clients trust its authority: Root \(.+\) instead of /)]
            : [],
        )
  })

  test('is only compared with the clock where there is none before', () => {
    expect(problemsOf(null, chain({}, createTestAuthority()))).toEqual([])
    expect(problemsOf(null, chain({ notBefore: day(-60), notAfter: day(-1) }))).toHaveLength(1)
  })

  test('may end earlier where the previous one has expired', () => {
    const old = chain({ notBefore: day(-400), notAfter: day(-3) })
    expect(problemsOf(old, chain({ notAfter: day(2) }))).toEqual([])
  })

  test('may be of 90 days for one of a year', () => {
    expect(problemsOf(chain({ notAfter: day(365) }), chain())).toEqual([])
  })

  test('may end much earlier where a renewal follows', () => {
    const short = { ...side(chain({ notBefore: day(-1), notAfter: day(6) })), isRenewed: true }
    expect(replacementProblems(side(before), short, now)).toEqual([])
  })

  test('may have a breach that the previous one has', () => {
    const over = { purposes: [clientPurpose], isAuthority: true, mustStaple: true }
    expect(problemsOf(chain(over), chain(over))).toEqual([])
    const stapled = chain({ mustStaple: true, responder: 'http://ocsp.test' })
    expect(problemsOf(before, stapled)).toEqual([])
  })

  test('may come through another intermediate of the same private root', () => {
    const other = createTestAuthority({ commonName: 'Intermediate 2', issuer: root })
    expect(problemsOf(before, chain({}, other))).toEqual([])
    expect(problemsOf([...before, root.certificateDer], chain({}, other))).toEqual([])
  })

  test('has every problem listed', () => {
    const other = createTestAuthority({ commonName: 'Other' })
    expect(problemsOf(before, chain({ names: ['shop.test'] }, other))).toHaveLength(2)
  })

  test('is judged by its names and its authority before it is issued', () => {
    const names = { dns: ['shop.test'], ip: [] }
    const issuer = { authority: 'Edgekeep', trustedBy: 'local authority' }
    expect(promisedProblems(side(before, 'public roots'), { names, issuer })).toEqual([
      'it no longer covers www.shop.test',
      expect.stringContaining(
        'Edgekeep (only where its root was added) instead of Root (a public authority)',
      ),
    ])
    expect(promisedProblems(side(before), { names })).toEqual(['it no longer covers www.shop.test'])
  })
})
