import { expect, test } from 'vitest'
import { comparisonSchema } from '../../../../src/contract/inspect/comparison.ts'
import { compareCertificates, type Side } from '../../../../src/pki/comparison/comparison.ts'
import {
  type CertificateOptions,
  makeCertificate,
  makeChain,
  makeKeys,
} from '../../../support/pki/certificate-maker.ts'

const { root, intermediate } = makeChain()
const alone = (options: CertificateOptions, intermediates: Uint8Array[] = [intermediate.der]): Side => ({
  leaf: makeCertificate({ subject: 'shop.test', issuer: intermediate, ...options }).der,
  intermediates,
})
const keys = makeKeys('ec')

test('the same certificate is the same, and nothing changes', () => {
  const side = alone({ names: ['shop.test'] })
  const compared = compareCertificates(side, side)
  expect(comparisonSchema.parse(compared)).toMatchObject({
    identical: true,
    changes: [],
    key: { reused: true },
  })
  expect(compared.summary).toEqual(['They are the same certificate.'])
})

test('names that are lost come first, then those gained', () => {
  const compared = compareCertificates(
    alone({ names: ['shop.test', 'old.shop.test', '192.0.2.1'] }),
    alone({ names: ['SHOP.test', 'new.shop.test'] }),
  )
  expect(compared.names).toEqual({
    lost: ['old.shop.test', '192.0.2.1'],
    gained: ['new.shop.test'],
    kept: ['shop.test'],
  })
  expect(compared.summary.slice(0, 2)).toEqual([
    'It no longer covers old.shop.test, 192.0.2.1.',
    'It covers new.shop.test in addition.',
  ])
})

test('a key that is used again is named, and one that is new too', () => {
  const names = ['shop.test']
  const reused = compareCertificates(alone({ names, keys }), alone({ names, keys }))
  expect(reused.key).toMatchObject({ reused: true })
  const fresh = compareCertificates(alone({ names, keys }), alone({ names, keys: makeKeys('ec') }))
  expect(fresh.key).toMatchObject({ reused: false })
  expect(fresh.summary).toContain(fresh.key.sentence)
})

test.each([
  ['rsa1024', 'rsa', 'stronger', /RSA 1024 bits → RSA 2048 bits/],
  ['rsa', 'rsa1024', 'weaker', /80 bits of security instead of 112/],
  ['rsa', 'ec', 'stronger', /EC P-256/],
  ['ec', 'ed25519', 'same', /another kind of key/],
  ['ec', 'ec', 'same', /as strong as before/],
] as const)('from %s to %s it is %s', (before, after, change, sentence) => {
  const of = (kind: typeof before | typeof after) => alone({ names: ['shop.test'], keys: makeKeys(kind) })
  const { strength } = compareCertificates(of(before), of(after))
  expect(strength).toMatchObject({ change, sentence: expect.stringMatching(sentence) })
})

test('a signature that can be forged is weaker whatever the key', () => {
  const issuer = makeCertificate({ subject: 'RSA', authority: true, keys: makeKeys('rsa') })
  const of = (hash: 'sha1' | 'sha256') => ({
    leaf: makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer, keys, hash }).der,
    intermediates: [],
  })
  expect(compareCertificates(of('sha256'), of('sha1')).strength.change).toBe('weaker')
  expect(compareCertificates(of('sha1'), of('sha256')).strength.change).toBe('stronger')
})

test('lifetime, issuer and chain are said in words', () => {
  const other = makeCertificate({ subject: 'Other', authority: true, issuer: root })
  const compared = compareCertificates(alone({ names: ['shop.test'] }), {
    leaf: makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      issuer: other,
      notBefore: new Date('2026-06-01T00:00:00Z'),
      notAfter: new Date('2026-08-30T00:00:00Z'),
    }).der,
    intermediates: [other.der],
  })
  expect(compared.lifetime.sentence).toBe(
    'The new one lasts 90 days instead of 365 days and ends 124 days earlier.',
  )
  expect(compared.summary).toContain('It is issued by CN=Other instead of CN=Intermediate.')
  expect(compared.summary).toContain('Its chain is another one: without Intermediate and with Other.')
  expect(compared.changes.map(({ field }) => field)).toEqual(
    expect.arrayContaining(['Serial number', 'Issuer', 'Valid until', 'Extension: Authority Key Identifier']),
  )
})

test('a chain that was left out is missed', () => {
  const side = alone({ names: ['shop.test'] })
  const { summary } = compareCertificates(side, { ...side, intermediates: [] })
  expect(summary).toContain('It comes without the intermediates that were there: Intermediate.')
})

test.each([
  [[], 'Neither covers a name.'],
  [['shop.test'], 'It covers the same name.'],
  [['shop.test', 'www.shop.test'], 'It covers the same 2 names.'],
])('of the names %j, which both cover, it says so', (names, sentence) => {
  expect(compareCertificates(alone({ names }), alone({ names })).summary).toContain(sentence)
})
