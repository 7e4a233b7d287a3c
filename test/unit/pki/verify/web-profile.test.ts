import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { verifyCertificate } from '../../../../src/pki/verify/verify.ts'
import { ask, noes } from '../../../support/pki/ask.ts'
import * as der from '../../../support/pki/der-writer.ts'
import {
  extension,
  keyIdentifier,
  makeCertificate,
  makeChain,
  makeKeys,
  moment,
  type CertificateOptions,
} from '../../../support/pki/certificate-maker.ts'

const [authorityKey, purposes] = ['2.5.29.35', '2.5.29.37']
const serverAuth = der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1'))

/** Reason why a changed leaf under a changed root is refused; null if it is accepted. */
function refusal(leaf: CertificateOptions, root: CertificateOptions = {}, webProfile = true): string | null {
  const issuer = makeCertificate({ subject: 'Root', authority: true, ...root })
  const made = makeCertificate({ subject: 'shop.example', names: ['shop.example'], issuer, ...leaf })
  const { ok, answers } = verifyCertificate({
    leaf: made.der,
    intermediates: [],
    anchors: [{ name: 'public roots', certificates: [issuer.der], lenient: true }],
    at: moment,
    webProfile,
  })
  return ok ? null : (answers.authority.reason ?? '')
}

const odd = (): CertificateOptions => ({
  keys: { kind: 'rsa', ...generateKeyPairSync('rsa', { modulusLength: 2050 }) },
})
const keys = makeKeys()
const naming = (...fields: Uint8Array[]): CertificateOptions => ({
  keys,
  extensions: { [authorityKey]: extension(authorityKey, der.sequence(...fields)) },
})
const own = der.implicit(0, keyIdentifier(keys))

const broken: [what: string, leaf: CertificateOptions, root: CertificateOptions, reason: RegExp][] = [
  [
    'a common name that is no alternative name',
    { subject: 'other.example' },
    {},
    /common name “other\.example”/,
  ],
  ['a common name in other letters', { subject: 'Shop.example' }, {}, /common name “Shop\.example”/],
  [
    'an IPv6 address in capitals',
    { subject: '2001:DB8::A', names: ['2001:db8::a'] },
    {},
    /common name “2001:DB8::A”/,
  ],
  ['an address written in another way', { subject: '010.0.0.1', names: ['10.0.0.1'] }, {}, /“010\.0\.0\.1”/],
  ['no purpose', { purposes: [] }, {}, /does not say what it is used for/],
  [
    'a critical purpose',
    { extensions: { [purposes]: extension(purposes, serverAuth, true) } },
    {},
    /critical/,
  ],
  ['a wildcard over a registry', { subject: '*.co.uk', names: ['*.co.uk'] }, {}, /covers a whole registry/],
  ['a key of an odd size', odd(), {}, /2050 bits, which is not a multiple of 8/],
  ['a root with a key of an odd size', {}, odd(), /root “Root” has an RSA key of 2050 bits/],
  [
    'a root that names its serial number',
    {},
    naming(own, der.implicit(2, Uint8Array.of(1))),
    /by name or serial/,
  ],
  [
    'a root that names another key',
    {},
    naming(der.implicit(0, Buffer.alloc(20))),
    /another key than its own/,
  ],
  ['a root without a key identifier', {}, { extensions: { '2.5.29.14': null } }, /lacks a key identifier/],
]

test.each(broken)(
  'the web profile refuses %s, which path validation accepts',
  (_what, leaf, root, reason) => {
    expect(refusal(leaf, root)).toMatch(reason)
    expect(refusal(leaf, root, false)).toBeNull()
  },
)

test('the web profile accepts what keeps to its rules', () => {
  expect(refusal({})).toBeNull()
  expect(refusal({ keys: makeKeys('rsa') })).toBeNull()
  expect(refusal({ subject: '10.0.0.1', names: ['10.0.0.1'] }, naming(own))).toBeNull()
  expect(refusal({ subject: '2001:db8::a', names: ['2001:db8::a'] })).toBeNull()
  expect(refusal({ subject: 'Shop.Example', names: ['Shop.Example'] })).toBeNull()
  expect(refusal({ subject: '*.shop.co.uk', names: ['*.shop.co.uk'] })).toBeNull()
})

test('the web profile lets an intermediate name the key of its issuer, and the root name none', () => {
  const { root, intermediate, leaf } = makeChain({
    root: { extensions: { [authorityKey]: null } },
    leaf: { subject: 'shop.example', names: ['shop.example'] },
  })
  expect(noes(ask({ leaf, intermediates: [intermediate], anchors: [root], webProfile: true }))).toEqual([])
})
