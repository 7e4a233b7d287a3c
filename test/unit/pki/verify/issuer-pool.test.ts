import { describe, expect, test } from 'vitest'
import { parseOrNone } from '../../../../src/pki/verify/anchor-index.ts'
import { createIssuerPool, keyIdentifierFit } from '../../../../src/pki/verify/issuer-pool.ts'
import type { Certificate } from '../../../../src/pki/x509/certificate.ts'
import {
  extension,
  keyIdentifier,
  makeCertificate,
  makeKeys,
  type CertificateOptions,
  type MadeCertificate,
} from '../../../support/pki/certificate-maker.ts'
import * as der from '../../../support/pki/der-writer.ts'

const subjectKeyIdentifier = '2.5.29.14'
const keys = makeKeys()
const otherKeys = makeKeys()

function parsed(made: MadeCertificate): Certificate {
  const [certificate] = parseOrNone(made.der)
  if (!certificate) throw new Error('The certificate cannot be read')
  return certificate
}
const authority = (options: CertificateOptions = {}) =>
  makeCertificate({ subject: 'Authority', authority: true, keys, ...options })
const withoutIdentifier = { extensions: { [subjectKeyIdentifier]: null } }
const until = (year: number) => ({ notAfter: new Date(`${year}-06-01T00:00:00Z`) })
const ders = (made: MadeCertificate[]) => made.map((each) => each.der)
const fingerprints = (made: MadeCertificate[]) => made.map((each) => parsed(each).fingerprintSha256)

function offered(
  leaf: MadeCertificate,
  intermediates: MadeCertificate[],
  anchors: MadeCertificate[],
): string[] {
  const pool = createIssuerPool(ders(intermediates), [{ name: 'roots', certificates: ders(anchors) }])
  return [...pool.issuersOf(parsed(leaf))].map(({ certificate }) => certificate.fingerprintSha256)
}

const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: authority() })

describe('issuers of one name', () => {
  test('are tried by key identifier: the matching, those without one, then the rest', () => {
    const agrees = authority()
    const hasNone = authority(withoutIdentifier)
    const differs = authority({ keys: otherKeys })
    expect(offered(leaf, [differs, hasNone, agrees], [])).toEqual(fingerprints([agrees, hasNone, differs]))
  })

  test('are tried trusted first, the longest valid of those before the others', () => {
    const [short, long] = [authority(until(2028)), authority(until(2029))]
    const [given, longer] = [authority(until(2030)), authority(until(2031))]
    expect(offered(leaf, [given, longer], [short, long])).toEqual(fingerprints([long, short, longer, given]))
  })

  test('are tried in the same order if the certificate names no key', () => {
    const issuer = authority()
    const nameless = makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      issuer,
      extensions: { '2.5.29.35': null },
    })
    const [differs, hasNone] = [authority({ keys: otherKeys, ...until(2030) }), authority(withoutIdentifier)]
    expect(offered(nameless, [hasNone, differs], [])).toEqual(fingerprints([differs, hasNone]))
  })

  test('are tried once each, and as trusted if the files hold the same one', () => {
    const root = authority()
    const pool = createIssuerPool(ders([root, root]), [{ name: 'roots', certificates: ders([root, root]) }])
    const candidates = pool.named(parsed(root).subject.key)
    expect(candidates.map(({ trustedBy }) => trustedBy?.name)).toEqual(['roots'])
    expect(fingerprints([root])).toEqual(candidates.map(({ certificate }) => certificate.fingerprintSha256))
  })

  test('are never tried under another name', () => {
    expect(offered(leaf, [makeCertificate({ subject: 'Another', authority: true, keys })], [])).toEqual([])
  })
})

describe('a set', () => {
  const [root, sameName] = [authority(), authority({ keys: otherKeys })]
  const sets = [
    { name: 'first', certificates: ders([sameName]) },
    { name: 'second', certificates: ders([root]) },
  ]

  test('trusts exactly the certificate that it holds', () => {
    const pool = createIssuerPool([], sets)
    expect(pool.trusting(parsed(root))?.name).toBe('second')
    expect(pool.trusting(parsed(sameName))?.name).toBe('first')
  })

  test('trusts nothing that is in the files alone', () => {
    const renewed = authority(until(2030))
    expect(createIssuerPool(ders([renewed]), sets).trusting(parsed(renewed))).toBeUndefined()
  })
})

test('a pool is kept by its lists, and made anew for others', () => {
  const [intermediates, anchors] = [ders([authority()]), [{ name: 'roots', certificates: [] }]]
  const pool = createIssuerPool(intermediates, anchors)
  expect(createIssuerPool(intermediates, anchors)).toBe(pool)
  expect(createIssuerPool(intermediates, [...anchors])).not.toBe(pool)
  expect(createIssuerPool([...intermediates], anchors)).not.toBe(pool)
})

test('key identifiers agree, differ, or say nothing where one is missing', () => {
  const child = parsed(leaf)
  expect(keyIdentifierFit(parsed(authority()), child)).toBe(1)
  expect(keyIdentifierFit(parsed(authority({ keys: otherKeys })), child)).toBe(-1)
  expect(keyIdentifierFit(parsed(authority(withoutIdentifier)), child)).toBe(0)
  const claimed = extension(subjectKeyIdentifier, der.octetString(keyIdentifier(keys)))
  const sameIdentifier = authority({ keys: otherKeys, extensions: { [subjectKeyIdentifier]: claimed } })
  expect(keyIdentifierFit(parsed(sameIdentifier), child)).toBe(1)
  const unnamed = makeCertificate({ subject: 'x', issuer: authority(), extensions: { '2.5.29.35': null } })
  expect(keyIdentifierFit(parsed(authority()), parsed(unnamed))).toBe(0)
})
