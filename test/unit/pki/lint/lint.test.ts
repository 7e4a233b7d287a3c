import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lintReportSchema, type LintScope } from '../../../../src/contract/inspect/lint.ts'
import { lint, lintRules } from '../../../../src/pki/lint/lint.ts'
import { publicRoots } from '../../../../src/engine/certificates/anchors.ts'
import { certificateOf } from '../../../../src/pki/x509/certificate.ts'
import { extensionIn } from '../../../../src/pki/x509/extensions.ts'
import { useLogList } from '../../../../src/pki/transparency/log-list.ts'
import {
  alternativeNames,
  type CertificateOptions,
  commonName,
  extension,
  generalName,
  type Keys,
  makeCertificate,
  makeKeys,
  type MadeCertificate,
  nameConstraints,
} from '../../../support/pki/certificate-maker.ts'
import * as der from '../../../support/pki/der-writer.ts'
import {
  access,
  authorityName,
  listsAt,
  oids,
  policies,
  publicIntermediate,
  publicLeaf,
  publicRoot,
  timestamps,
  logs,
  logsOfTests,
  type LoggedOptions,
} from '../../../support/pki/public-certificate.ts'

beforeAll(() => useLogList(logsOfTests))
afterAll(() => useLogList(undefined))

const root = publicRoot()
const intermediate = publicIntermediate(root)
const trusted = { name: 'public roots', certificates: [root.der], lenient: true }

function findings(made: MadeCertificate, as?: LintScope) {
  const report = lint({ certificates: [made.der, intermediate.der], publicRoots: trusted, as })
  lintReportSchema.parse(report)
  return report.certificates[0]!.findings
}
const rulesOf = (made: MadeCertificate, as?: LintScope) => findings(made, as).map(({ rule }) => rule)

const day = (iso: string) => new Date(`${iso}T00:00:00Z`)
const subjectOf = (...attributes: [oid: string, text: string][]) =>
  der.sequence(
    ...attributes.map(([oid, text]) => der.set(der.sequence(der.objectIdentifier(oid), der.utf8(text)))),
  )
const san = (names: string[], critical = false) =>
  extension(oids.alternativeNames, alternativeNames(names), critical)
const leafWith = (options: LoggedOptions) => publicLeaf(intermediate, options)
const authorityWith = (options: CertificateOptions) => publicIntermediate(root, options)
const rsa = (modulusLength: number, publicExponent = 65_537) => ({
  kind: 'rsa' as const,
  ...generateKeyPairSync('rsa', { modulusLength, publicExponent }),
})
/** The list of SCTs of another certificate. */
const timestampsOf = (made: MadeCertificate) =>
  extension(oids.timestamps, extensionIn(certificateOf(made.der).extensions, 'timestamps')!.value)
const otherwise = (oid: string, value: Uint8Array | null) => ({ extensions: { [oid]: value } })
const privateLeaf = (options: CertificateOptions) =>
  makeCertificate({
    subject: 'intra.corp',
    names: ['intra.corp'],
    issuer: makeCertificate({ subject: 'Our CA', authority: true, keys: makeKeys('ec') }),
    keys: makeKeys('ec'),
    ...options,
  })

const serverAuth = '1.3.6.1.5.5.7.3.1'
const constraintsOid = '2.5.29.30'
const poison = '1.3.6.1.4.1.11129.2.4.3'
const poisoned = extension(poison, der.element(5), true)
const permitting = (host: string) =>
  extension(constraintsOid, der.sequence(der.explicit(0, der.sequence(generalName(host)))))
/** A distribution point with a CRL issuer alone. */
const onlyIssuer = der.sequence(der.explicit(2, der.explicit(4, authorityName('Lists'))))
const padded = extension(oids.keyUsage, der.bitString(Uint8Array.of(0x80)), true)
const noticed = extension(
  oids.policies,
  der.sequence(
    der.sequence(
      der.objectIdentifier('2.23.140.1.2.1'),
      der.sequence(der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.2.2'), der.sequence())),
    ),
  ),
)
const holderOf = (...others: string[]) =>
  subjectOf(
    ['2.5.4.6', 'NL'],
    ['2.5.4.7', 'Delft'],
    ['2.5.4.10', 'Shop'],
    ...others.map((oid): [string, string] => [oid, 'x']),
  )
/** RSA keys whose algorithm lacks its NULL, which OpenSSL reads. */
const rsaWithoutNull = (spki: Buffer): Buffer => {
  const [algorithm, key] = [der.sequence(der.objectIdentifier('1.2.840.113549.1.1.1')), spki.subarray(19)]
  return Buffer.from(der.sequence(algorithm, key))
}
const withSpki = (change: (spki: Buffer) => Buffer): Keys => {
  const keys = makeKeys('rsa')
  const spki = change(keys.publicKey.export({ format: 'der', type: 'spki' }))
  return { ...keys, publicKey: { export: () => spki } as unknown as KeyObject }
}
/** A leaf whose RSA signature has no parameters; the signature itself is not judged. */
function withoutNull(keys: Keys): MadeCertificate {
  const made = publicLeaf({ ...intermediate, keys })
  const bytes = Buffer.from(made.der).toString('hex')
  const algorithm = '300d06092a864886f70d01010b0500'
  const [start, middle, end] = bytes.split(algorithm) as [string, string, string]
  const bare = '300b06092a864886f70d01010b'
  const content = (start + bare + middle).slice(16)
  const tbs = der.element(0x30, Buffer.from(content, 'hex'))
  return { ...made, der: der.sequence(tbs, Buffer.from(bare + end, 'hex')) }
}

/** A certificate that breaks the rule, by rule id. */
const breaking: Record<string, () => MadeCertificate> = {
  'structure.malformed': () =>
    leafWith(otherwise(oids.keyUsage, extension(oids.keyUsage, der.octetString(Buffer.from([1]))))),
  'structure.version': () =>
    makeCertificate({ subject: 'old', issuer: intermediate, version: 1, keys: makeKeys('ec') }),
  'structure.unknown_critical': () =>
    leafWith(otherwise('1.2.3.4', extension('1.2.3.4', der.octetString(Buffer.of(1)), true))),
  'structure.precertificate': () =>
    leafWith(
      otherwise('1.3.6.1.4.1.11129.2.4.3', extension('1.3.6.1.4.1.11129.2.4.3', der.element(5), true)),
    ),
  'structure.no_issuer': () => leafWith({ issuerName: der.sequence() }),
  'structure.no_subject': () => authorityWith({ subject: der.sequence() }),
  'validity.backwards': () => leafWith({ notBefore: day('2026-06-01'), notAfter: day('2026-05-01') }),
  'validity.public_lifetime': () => leafWith({ notAfter: day('2026-12-30') }),
  'validity.no_margin': () => leafWith({ notAfter: new Date('2026-12-17T23:59:59Z') }),
  'validity.apple_lifetime': () => privateLeaf({ notBefore: day('2026-01-01'), notAfter: day('2029-01-01') }),
  'serial.zero': () => leafWith({ serial: 0n }),
  'serial.too_long': () => leafWith({ serial: 1n << 170n }),
  'serial.low_entropy': () => leafWith({ serial: 0x1234n }),
  'key.rsa_too_short': () => leafWith({ keys: makeKeys('rsa1024') }),
  'key.rsa_odd_size': () => leafWith({ keys: rsa(2052) }),
  'key.rsa_very_long': () => {
    const n = Buffer.alloc(513, 0xff).toString('base64url')
    const publicKey = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' })
    return leafWith({ keys: { ...makeKeys('rsa1024'), publicKey } })
  },
  'key.rsa_small_exponent': () => leafWith({ keys: rsa(2048, 3) }),
  'key.curve': () => leafWith({ keys: makeKeys('secp256k1') }),
  'key.p521': () => leafWith({ keys: { kind: 'ec', ...generateKeyPairSync('ec', { namedCurve: 'P-521' }) } }),
  'key.type': () => leafWith({ keys: makeKeys('ed25519') }),
  'key.type_unknown_to_browsers': () => privateLeaf({ keys: makeKeys('ed25519') }),
  'key.pss': () =>
    leafWith({ keys: { kind: 'rsa-pss', ...generateKeyPairSync('rsa-pss', { modulusLength: 2048 }) } }),
  'signature.forgeable': () => leafWith({ hash: 'sha1' }),
  'signature.unknown': () =>
    publicLeaf(makeCertificate({ subject: 'Ed', authority: true, keys: makeKeys('ed25519') })),
  'names.san_missing': () => leafWith({ names: undefined }),
  'names.no_host': () => leafWith(otherwise(oids.alternativeNames, san(['a@example.com']))),
  'names.malformed': () => leafWith({ names: ['shop.example.com', '-shop-.example.com'] }),
  'names.underscore': () => leafWith({ names: ['shop.example.com', 'my_shop.example.com'] }),
  'names.wildcard_form': () => leafWith({ names: ['shop.example.com', 'www.*.example.com'] }),
  'names.wildcard_too_wide': () => leafWith({ names: ['shop.example.com', '*.com'] }),
  'names.wildcard_over_others': () => leafWith({ names: ['shop.example.com', '*.github.io'] }),
  'names.reserved': () => leafWith({ names: ['shop.example.com', 'shop.internal'] }),
  'names.reserved_address': () => leafWith({ names: ['shop.example.com', '192.168.1.10'] }),
  'names.address_as_name': () =>
    leafWith(
      otherwise(
        oids.alternativeNames,
        extension(
          oids.alternativeNames,
          der.sequence(generalName('shop.example.com'), der.implicit(2, Buffer.from('8.8.8.8'))),
        ),
      ),
    ),
  'names.other_kinds': () => leafWith({ names: ['shop.example.com', 'https://shop.example.com/'] }),
  'names.duplicate': () => leafWith({ names: ['shop.example.com', 'Shop.example.com'] }),
  'names.san_critical': () => leafWith(otherwise(oids.alternativeNames, san(['shop.example.com'], true))),
  'subject.common_name_not_listed': () => leafWith({ subject: commonName('other.example.com') }),
  'subject.common_name_only_private': () => privateLeaf({ subject: 'other.corp.example' }),
  'subject.several_common_names': () =>
    leafWith({ subject: subjectOf(['2.5.4.3', 'shop.example.com'], ['2.5.4.3', 'www.shop.example.com']) }),
  'subject.common_name_too_long': () => leafWith({ subject: commonName('a'.repeat(65)) }),
  'subject.country': () =>
    leafWith({ subject: subjectOf(['2.5.4.6', 'nld'], ['2.5.4.3', 'shop.example.com']) }),
  'subject.organisational_unit': () =>
    leafWith({ subject: subjectOf(['2.5.4.11', 'IT'], ['2.5.4.3', 'shop.example.com']) }),
  'subject.blank_value': () =>
    leafWith({ subject: subjectOf(['2.5.4.7', '-'], ['2.5.4.3', 'shop.example.com']) }),
  'subject.authority_unnamed': () => authorityWith({ subject: commonName('Nameless') }),
  'subject.duplicate_attribute': () =>
    leafWith({ subject: subjectOf(['2.5.4.7', 'Delft'], ['2.5.4.7', 'Gouda']) }),
  'subject.order': () => leafWith({ subject: subjectOf(['2.5.4.3', 'shop.example.com'], ['2.5.4.6', 'NL']) }),
  'names.reverse_zone': () => leafWith({ names: ['shop.example.com', '1.2.0.192.in-addr.arpa'] }),
  'names.onion': () => leafWith({ names: ['shop.example.com', 'facebookcorewwwi.onion'] }),
  'key.encoding': () => leafWith({ keys: withSpki(rsaWithoutNull) }),
  'signature.encoding': () => withoutNull(makeKeys('rsa')),
  'signature.ecdsa_hash': () =>
    publicLeaf(publicIntermediate(root, { keys: makeKeys('p384') }), { hash: 'sha256' }),
  'structure.precertificate_with_timestamps': () => leafWith(otherwise(poison, poisoned)),
  'purpose.critical': () =>
    leafWith(
      otherwise(
        oids.purposes,
        extension(oids.purposes, der.sequence(der.objectIdentifier(serverAuth)), true),
      ),
    ),
  'purpose.authority_mixed': () => authorityWith({ purposes: [serverAuth, '1.3.6.1.5.5.7.3.4'] }),
  'usage.encoding': () => leafWith(otherwise(oids.keyUsage, padded)),
  'usage.not_for_key': () => leafWith({ keyUsage: [0, 6] }),
  'usage.purpose_inconsistent': () => leafWith({ keyUsage: [0, 1] }),
  'usage.authority_signs_no_lists': () => authorityWith({ keyUsage: [5] }),
  'constraints.names_not_critical': () => authorityWith(otherwise(constraintsOid, permitting('example.com'))),
  'constraints.reserved_network': () =>
    authorityWith(
      otherwise(constraintsOid, nameConstraints([der.implicit(7, Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0))])),
    ),
  'access.form': () =>
    leafWith(
      otherwise(oids.access, access(['ocsp', 'http://a.example.com'], ['ocsp', 'http://a.example.com'])),
    ),
  'access.authority_missing': () => authorityWith(otherwise(oids.access, null)),
  'revocation.list_form': () =>
    leafWith(otherwise(oids.lists, extension(oids.lists, der.sequence(onlyIssuer)))),
  'revocation.list_critical': () =>
    leafWith(otherwise(oids.lists, extension(oids.lists, der.sequence(onlyIssuer), true))),
  'policy.extended': () =>
    leafWith({ ...otherwise(oids.policies, policies('2.23.140.1.1')), subject: holderOf('2.5.4.15') }),
  'policy.qualifier': () => leafWith(otherwise(oids.policies, noticed)),
  'policy.critical': () =>
    leafWith(
      otherwise(
        oids.policies,
        extension(oids.policies, der.sequence(der.sequence(der.objectIdentifier('2.23.140.1.2.1'))), true),
      ),
    ),
  'purpose.server_auth_missing': () => leafWith({ purposes: ['1.3.6.1.5.5.7.3.2'] }),
  'purpose.not_for_servers': () => privateLeaf({ purposes: [] }),
  'purpose.any': () => leafWith({ purposes: ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'] }),
  'purpose.mixed': () => leafWith({ purposes: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.3'] }),
  'purpose.client_auth': () => leafWith({ purposes: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'] }),
  'purpose.intermediate_unlimited': () => authorityWith({ purposes: [] }),
  'usage.empty': () =>
    leafWith(otherwise(oids.keyUsage, extension(oids.keyUsage, der.bitString(Uint8Array.of(0), 7), true))),
  'usage.leaf_signs_certificates': () => leafWith({ keyUsage: [0, 5] }),
  'usage.no_signature': () => leafWith({ keyUsage: [4] }),
  'usage.ec_enciphers': () => leafWith({ keyUsage: [0, 2] }),
  'usage.not_critical': () =>
    leafWith(otherwise(oids.keyUsage, extension(oids.keyUsage, der.bitString(Uint8Array.of(0x80), 7)))),
  'usage.authority_without': () => authorityWith({ keyUsage: [] }),
  'usage.authority_does_not_sign': () => authorityWith({ keyUsage: [6] }),
  'constraints.authority_not_critical': () =>
    authorityWith(otherwise(oids.constraints, extension(oids.constraints, der.sequence(der.boolean(true))))),
  'constraints.authority_as_leaf': () =>
    makeCertificate({
      subject: 'self.example.com',
      names: ['self.example.com'],
      authority: true,
      keys: makeKeys('ec'),
    }),
  'constraints.leaf_path_length': () =>
    leafWith(otherwise(oids.constraints, extension(oids.constraints, der.sequence(der.integer(0)), true))),
  'constraints.names_on_leaf': () =>
    leafWith(
      otherwise(
        '2.5.29.30',
        extension('2.5.29.30', der.sequence(der.explicit(0, der.sequence(generalName('example.com')))), true),
      ),
    ),
  'identifier.authority_missing': () => leafWith(otherwise(oids.authorityKey, null)),
  'identifier.authority_without_key': () =>
    leafWith(otherwise(oids.authorityKey, extension(oids.authorityKey, der.sequence()))),
  'identifier.subject_missing': () => authorityWith(otherwise(oids.subjectKey, null)),
  'identifier.critical': () =>
    leafWith(
      otherwise(oids.subjectKey, extension(oids.subjectKey, der.octetString(Buffer.alloc(20, 1)), true)),
    ),
  'identifier.authority_by_serial': () =>
    leafWith(
      otherwise(
        oids.authorityKey,
        extension(
          oids.authorityKey,
          der.sequence(
            der.implicit(0, Buffer.alloc(20, 1)),
            der.explicit(1, generalName('http://ca.example.com')),
            der.implicit(2, Buffer.of(7)),
          ),
        ),
      ),
    ),
  'access.missing': () => leafWith(otherwise(oids.access, null)),
  'access.no_issuer_address': () =>
    leafWith(otherwise(oids.access, access(['ocsp', 'http://ocsp.example.com']))),
  'access.not_http': () => leafWith(otherwise(oids.access, access(['issuer', 'ldap://ca.example.com/cn']))),
  'access.critical': () =>
    leafWith(
      otherwise(
        oids.access,
        extension(
          oids.access,
          der.sequence(
            der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.48.2'), generalName('http://ca.example.com')),
          ),
          true,
        ),
      ),
    ),
  'revocation.nowhere': () =>
    leafWith({
      extensions: { [oids.lists]: null, [oids.access]: access(['issuer', 'http://ca.example.com/ca.crt']) },
    }),
  'revocation.list_missing': () => authorityWith(otherwise(oids.lists, null)),
  'revocation.list_not_http': () => leafWith(otherwise(oids.lists, listsAt('ldap://ca.example.com/crl'))),
  'revocation.staple_without_responder': () =>
    leafWith({
      extensions: {
        [oids.tlsFeature]: extension(oids.tlsFeature, der.sequence(der.integer(5))),
        [oids.access]: access(['issuer', 'http://ca.example.com/ca.crt']),
      },
    }),
  'revocation.must_staple': () =>
    leafWith(otherwise(oids.tlsFeature, extension(oids.tlsFeature, der.sequence(der.integer(5))))),
  'policy.missing': () => leafWith(otherwise(oids.policies, null)),
  'policy.several': () => leafWith(otherwise(oids.policies, policies('2.23.140.1.2.1', '2.23.140.1.2.2'))),
  'policy.domain_with_organisation': () =>
    leafWith({ subject: subjectOf(['2.5.4.10', 'Shop'], ['2.5.4.3', 'shop.example.com']) }),
  'policy.organisation_missing': () => leafWith(otherwise(oids.policies, policies('2.23.140.1.2.2'))),
  'policy.authority_missing': () => authorityWith(otherwise(oids.policies, null)),
  'transparency.missing': () => leafWith(otherwise(oids.timestamps, null)),
  'transparency.unreadable': () =>
    leafWith(otherwise(oids.timestamps, extension(oids.timestamps, der.octetString(Buffer.of(9, 9, 9))))),
  'transparency.too_few': () => leafWith({ logged: [logs.one] }),
  'transparency.no_rfc6962_log': () => leafWith({ logged: [logs.tiled, logs.alsoTiled] }),
  'transparency.unknown_log': () => privateLeaf(otherwise(oids.timestamps, timestamps(3))),
  'transparency.forged': () =>
    makeCertificate({
      subject: 'shop.example.com',
      issuer: intermediate,
      keys: makeKeys('ec'),
      extensions: { [oids.timestamps]: timestampsOf(leafWith({})) },
    }),
  'transparency.not_counting': () => leafWith({ logged: [logs.one, logs.two, logs.longRetired] }),
  'transparency.after_expiry': () => leafWith(otherwise(oids.timestamps, timestamps(2, day('2027-06-01')))),
}

/** Rules that the certificate maker cannot break; `rules.test.ts` and `rsa-faults.test.ts` provoke them. */
const elsewhere = [
  'purpose.root',
  'structure.algorithms_differ',
  'structure.unique_identifier',
  'validity.encoding',
  'serial.negative',
  'key.rsa_broken',
]

describe('a good certificate', () => {
  test.each([
    ['of a public authority', publicLeaf(intermediate)],
    ['of its intermediate', intermediate],
    ['of its root', root],
    ['of a private authority', privateLeaf({})],
  ])('%s has no findings', (_, made) => {
    expect(findings(made)).toEqual([])
  })

  test('has no error and no warning if it is a public root', () => {
    const { counts, certificates } = lint({
      certificates: publicRoots().certificates,
      publicRoots: publicRoots(),
    })
    expect(certificates.length).toBeGreaterThan(100)
    expect(certificates.filter(({ findings: found }) => found.length > 0)).toEqual([])
    expect(counts).toEqual({ error: 0, warning: 0, notice: 0 })
    expect(new Set(certificates.map(({ scope }) => scope))).toEqual(new Set(['public']))
  })
})

describe('each rule', () => {
  test('has a certificate here that breaks it', () => {
    const named = [...Object.keys(breaking), ...elsewhere].toSorted()
    expect(named).toEqual(lintRules.map(({ id }) => id).toSorted())
  })

  test.each(Object.keys(breaking))('%s is broken by one that breaks it', (rule) => {
    expect(rulesOf(breaking[rule]!())).toContain(rule)
  })

  test.each(lintRules)('$id says what to do and where it is written', ({ advice, reference, id }) => {
    expect(advice).toMatch(/^[A-Z].*[.)]$/)
    expect(reference).toMatch(/^(RFC|CA\/Browser|Apple|Chrome|Mozilla)/)
    expect(id).toMatch(/^[a-z]+\.[a-z_0-9]+$/)
  })
})

test.each([
  ['*.co.uk', ['names.wildcard_too_wide']],
  ['*.com.au', ['names.wildcard_too_wide']],
  ['*.github.io', ['names.wildcard_over_others']],
  ['*.shop.co.uk', []],
  ['*.shop.github.io', []],
])('the wildcard %s is judged by the public suffixes: %j', (name, expected) => {
  const rules = rulesOf(leafWith({ names: ['shop.example.com', name] }))
  expect(rules.filter((rule) => rule.startsWith('names.wildcard'))).toEqual(expected)
})

describe('the rules of a public authority', () => {
  const unlisted = privateLeaf({
    subject: 'our printer',
    names: ['printer', '10.0.0.1', 'my_host.corp'],
    notAfter: day('2028-01-01'),
  })

  test('do not bind a private certificate, and the report says so', () => {
    const [linted] = lint({ certificates: [unlisted.der], publicRoots: trusted }).certificates
    expect(linted).toMatchObject({ scope: 'private', findings: [] })
    expect(linted?.scopeReason).toBe('Public rules do not apply: no public authority issued it.')
  })

  test('bind it where that is asked for', () => {
    expect(rulesOf(unlisted, 'public')).toEqual(
      expect.arrayContaining([
        'names.reserved',
        'names.reserved_address',
        'names.underscore',
        'policy.missing',
      ]),
    )
    expect(rulesOf(publicLeaf(intermediate, { names: ['a'] }), 'private')).not.toContain('names.reserved')
  })

  test.each([
    ['2020-08-31', 825],
    ['2020-09-01', 398],
    ['2026-03-14', 398],
    ['2026-03-15', 200],
    ['2027-03-15', 100],
    ['2029-03-15', 47],
  ])('let one issued on %s last %d days and no second more', (issued, days) => {
    const from = day(issued)
    const lasting = (seconds: number) =>
      leafWith({ notBefore: from, notAfter: new Date(from.getTime() + (seconds - 1) * 1000) })
    expect(rulesOf(lasting(days * 86_400))).not.toContain('validity.public_lifetime')
    // The second at the end counts since September 2020.
    const over = from < new Date('2020-09-01') ? 2 : 1
    expect(rulesOf(lasting(days * 86_400 + over))).toContain('validity.public_lifetime')
  })

  test('want two logs up to 180 days and three beyond', () => {
    const all = [logs.one, logs.two, logs.three]
    const lasting = (to: string, count: number) =>
      leafWith({ notAfter: day(to), logged: all.slice(0, count) })
    expect(rulesOf(lasting('2026-11-20', 2))).not.toContain('transparency.too_few')
    expect(rulesOf(lasting('2026-12-10', 2))).toContain('transparency.too_few')
    expect(rulesOf(lasting('2026-12-10', 3))).not.toContain('transparency.too_few')
  })

  test.each([
    ['too_few', 'logs of one operator', [logs.one, logs.three]],
    ['too_few', 'have been retired', [logs.retired, logs.alsoRetired]],
    ['forged', 'end from 1 January 2027 until before 1 July 2027', [logs.one, logs.two, logs.ofNextYear]],
    ['not_counting', 'not accepted the log', [logs.one, logs.two, logs.pending]],
  ])('are told by transparency.%s that timestamps are of %s', (rule, words, logged) => {
    const found = findings(leafWith({ logged })).find((each) => each.rule === `transparency.${rule}`)
    expect(found?.message).toContain(words)
  })

  test('are known by root, by timestamps and by policy', () => {
    const alone = (made: MadeCertificate) =>
      lint({ certificates: [made.der], publicRoots: trusted }).certificates[0]!
    expect(alone(publicLeaf(root)).scopeReason).toBe('It chains to the public root “Public Root”.')
    expect(alone(publicLeaf(intermediate)).scopeReason).toContain('logs')
    expect(alone(leafWith(otherwise(oids.timestamps, null))).scopeReason).toContain('policy')
    expect(alone(leafWith({ extensions: { [oids.timestamps]: null, [oids.policies]: null } })).scope).toBe(
      'private',
    )
    expect(alone(root).scopeReason).toBe('It is one of the public roots.')
  })

  test('let a certificate of a week go without revocation', () => {
    const extensions = {
      [oids.lists]: null,
      [oids.access]: access(['issuer', 'http://ca.example.com/ca.crt']),
    }
    expect(rulesOf(leafWith({ extensions, notAfter: day('2026-06-07') }))).not.toContain('revocation.nowhere')
  })
})

test('a name of an authority is no fault in itself', () => {
  expect(rulesOf(authorityWith({ subject: authorityName('Other') }))).toEqual([])
})
