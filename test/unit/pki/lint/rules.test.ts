import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tags } from '../../../../src/pki/asn1/der.ts'
import { readCertificate } from '../../../../src/pki/facts/certificate.ts'
import { lintRules, lintSubject } from '../../../../src/pki/lint/lint.ts'
import { meetsReserved } from '../../../../src/pki/lint/reserved-names.ts'
import type { LintSubject } from '../../../../src/pki/lint/rule.ts'
import { type Certificate, certificateOf } from '../../../../src/pki/x509/certificate.ts'
import * as der from '../../../support/pki/der-writer.ts'
import {
  oids,
  policies,
  publicIntermediate,
  publicLeaf,
  publicRoot,
} from '../../../support/pki/public-certificate.ts'
import { makeKeys } from '../../../support/pki/certificate-maker.ts'

const root = publicRoot()
const good: LintSubject = {
  ...lintSubject(readCertificate(publicLeaf(publicIntermediate(root)).der)),
  role: 'leaf',
  scope: 'public',
}

/** Verdict of a rule on a good certificate with one change. */
function says(id: string, change: Partial<LintSubject>): string | undefined {
  return lintRules.find((rule) => rule.id === id)?.check({ ...good, ...change }) || undefined
}

test('a date of this half of the century has to be UTCTime, and a later one GeneralizedTime', () => {
  const generalized: Certificate['timeTags'] = [tags.utcTime, tags.generalizedTime]
  const withEnd = (change: Partial<Certificate>) =>
    says('validity.encoding', { parsed: { ...good.parsed, ...change } })
  const notAfter = Date.UTC(2051, 0, 1)
  expect(withEnd({})).toBeUndefined()
  expect(withEnd({ timeTags: generalized })).toMatch(/other half of the century/)
  expect(withEnd({ notAfter })).toMatch(/other half of the century/)
  expect(withEnd({ notAfter, timeTags: generalized })).toBeUndefined()
})

test('the algorithm outside has to be the one inside', () => {
  const { signatureAlgorithm: outerAlgorithm } = certificateOf(
    publicLeaf({ ...root, keys: makeKeys('rsa') }).der,
  )
  expect(says('structure.algorithms_differ', {})).toBeUndefined()
  expect(says('structure.algorithms_differ', { parsed: { ...good.parsed, outerAlgorithm } })).toBeDefined()
})

test('a unique identifier and a negative serial number are found', () => {
  expect(
    says('structure.unique_identifier', { parsed: { ...good.parsed, hasUniqueIdentifier: true } }),
  ).toBeDefined()
  const negative = { ...good.parsed, serial: Uint8Array.of(0x80, 1) }
  expect(says('serial.negative', { parsed: negative })).toBe('Its serial number is negative.')
})

const subjectOf = (...attributes: Attribute[]) =>
  der.sequence(
    ...attributes.map(([oid, text]) => der.set(der.sequence(der.objectIdentifier(oid), der.utf8(text)))),
  )
type Attribute = [oid: string, text: string]
const country: Attribute = ['2.5.4.6', 'NL']
const state: Attribute = ['2.5.4.8', 'Zuid-Holland']
const organisation: Attribute = ['2.5.4.10', 'Shop']
const givenName: Attribute = ['2.5.4.42', 'Ada']

/** Verdict on a public leaf with this subject and policy. */
function saysOf(id: string, subject: Attribute[], policy: string): string | undefined {
  const { der: bytes } = publicLeaf(publicIntermediate(root), {
    subject: subjectOf(...subject),
    extensions: { [oids.policies]: policies(policy) },
  })
  const parsed = certificateOf(bytes)
  return says(id, { ...lintSubject(readCertificate(bytes)), parsed })
}

test.each<[Attribute[], string, RegExp | undefined]>([
  [[country, organisation], '2.23.140.1.2.2', /without a locality or state/],
  [[state, organisation], '2.23.140.1.2.2', /without a country/],
  [[country, state], '2.23.140.1.2.2', /does not name it/],
  [[country, state], '2.23.140.1.2.3', /names none/],
  [[country, state, organisation, givenName], '2.23.140.1.2.2', /names a person/],
  [[country, state], '1.2.3.4', /place, but no holder/],
  [[country, state, organisation], '2.23.140.1.2.2', undefined],
  [[country], '2.23.140.1.2.1', undefined],
])('a subject of %j with the policy %s is judged by who was validated', (subject, policy, expected) => {
  const said = saysOf('policy.organisation_missing', subject, policy)
  if (expected) expect(said).toMatch(expected)
  else expect(said).toBeUndefined()
})

test('a certificate of a validated domain names no place, state or serial number', () => {
  const dv = '2.23.140.1.2.1'
  expect(saysOf('policy.domain_with_organisation', [state], dv)).toMatch(/^It names ST although/)
  expect(saysOf('policy.domain_with_organisation', [['2.5.4.5', '1']], dv)).toMatch(/serialNumber/)
  expect(saysOf('policy.domain_with_organisation', [country], dv)).toBeUndefined()
})

test.each([
  ['NL', true],
  ['XX', true],
  ['UK', false],
  ['EU', false],
  ['QQ', false],
])('the country code %s is in ISO 3166-1 or not', (code, isKnown) => {
  const said = saysOf('subject.country', [['2.5.4.6', code]], '2.23.140.1.2.1')
  expect(said === undefined).toBe(isKnown)
})

test.each([
  ['shop.ukei', true],
  ['shop.co.za', false],
  ['shop.za', false],
  ['shop.example.com', false],
])('a name under no top-level domain is found, one under a country code is not: %s', (name, isFound) => {
  const subjectAltName = [{ kind: 'dns' as const, text: name }]
  const parsed = { ...good.parsed, decoded: { ...good.parsed.decoded, subjectAltName } }
  expect(says('names.reserved', { parsed }) !== undefined).toBe(isFound)
})

test.each([
  ['2016-08-07', true],
  ['2017-01-01', false],
  ['2024-01-01', true],
])(
  'a name under a former top-level domain, issued on %s, is found outside of its time',
  (issued, isFound) => {
    const subjectAltName = [{ kind: 'dns' as const, text: 'shop.mcdonalds' }]
    const decoded = { ...good.parsed.decoded, subjectAltName }
    const parsed = { ...good.parsed, notBefore: Date.parse(issued), decoded }
    expect(says('names.reserved', { parsed }) !== undefined).toBe(isFound)
  },
)

test.each([
  ['xn--www-8fb', false],
  ['xn--mnchen-3ya', false],
  ['XN--MNCHEN-3YA', false],
  ['xn--strae-oqa', false],
  ['xn--12311613412431243', true],
  ['xn--109-3veba6djs1bfxlfmx6c9g', true],
  ['xn--e-xbb', true],
  ['xn--', true],
  ['xn--abc-', true],
])(
  'a label that is not Punycode of text in NFC is found, one that IDNA forbids is not: %s',
  (label, isFound) => {
    const subjectAltName = [{ kind: 'dns' as const, text: `${label}.example.com` }]
    const parsed = { ...good.parsed, decoded: { ...good.parsed.decoded, subjectAltName } }
    expect(says('names.malformed', { parsed }) !== undefined).toBe(isFound)
  },
)

test.each([
  ['2018-11-01', 20, true],
  ['2019-01-01', 20, false],
  ['2019-01-01', 31, true],
  ['2019-05-01', 20, true],
])('an underscore of %s for %d days is judged by the ballot of its time', (issued, days, isFound) => {
  const notBefore = Date.parse(issued)
  const subjectAltName = [{ kind: 'dns' as const, text: 'my_shop.example.com' }]
  const decoded = { ...good.parsed.decoded, subjectAltName }
  const parsed = { ...good.parsed, notBefore, notAfter: notBefore + days * 86_400_000, decoded }
  expect(says('names.underscore', { parsed }) !== undefined).toBe(isFound)
})

test('keys and signatures of before a rule are judged by the rule of their time', () => {
  const short = { ...good.facts, publicKey: { type: 'RSA', bits: 1024, spkiSha256: '' } }
  const until = (notAfter: string) => ({ ...good.parsed, notAfter: Date.parse(notAfter) })
  expect(says('key.rsa_too_short', { facts: short, parsed: until('2013-01-01') })).toBeUndefined()
  expect(says('key.rsa_too_short', { facts: short, parsed: until('2015-01-01') })).toMatch(/1024 bits/)
  const dsa = { ...good.facts, publicKey: { type: 'DSA', bits: 2048, spkiSha256: '' } }
  const from = (notBefore: string) => ({ ...good.parsed, notBefore: Date.parse(notBefore) })
  expect(says('key.type', { facts: dsa, parsed: from('2015-05-16') })).toBeUndefined()
  expect(says('key.type', { facts: dsa, parsed: from('2021-01-01') })).toBeDefined()
})

test('a public root has no extended key usage', () => {
  expect(says('purpose.root', { role: 'root' })).toMatch(/root with an extended key usage/)
})

test('a mask with gaps in a name constraint is no network, and ends nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 33 }), (octets) => {
      expect([true, false]).toContain(meetsReserved(octets))
    }),
  )
})
