import { describe, expect, test } from 'vitest'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import {
  type CertificateOptions,
  clientAuth,
  extension,
  generalName,
  makeCertificate,
  makeKeys,
  type KeyKind,
  type MadeCertificate,
  nameConstraints,
} from '../../../support/pki/certificate-maker.ts'
import { makeCrl } from '../../../support/pki/crl-maker.ts'
import * as der from '../../../support/pki/der-writer.ts'
import { headline } from '../../../support/pki/headline.ts'

const made = (kind: KeyKind = 'ec') => makeKeys(kind)
const root = makeCertificate({ subject: 'Root', authority: true, keys: made() })
const caOf = (subject: string, options: CertificateOptions = {}) =>
  makeCertificate({ subject, authority: true, issuer: root, keys: made(), ...options })
const intermediate = caOf('Intermediate')
const siteOf = (options: CertificateOptions = {}) =>
  makeCertificate({
    subject: 'shop.test',
    names: ['shop.test'],
    issuer: intermediate,
    keys: made(),
    ...options,
  })
const site = siteOf()
const pemOf = (...all: MadeCertificate[]) => all.map((one) => toPem(one.der)).join('')
const keyOf = ({ keys }: MadeCertificate) =>
  keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const day = (text: string) => new Date(`${text}T00:00:00Z`)

type Files = Parameters<typeof headline>[0]
type Given = Parameters<typeof headline>[1]
/** Leaf with changes, and its intermediate. */
const leafWith = (options: CertificateOptions): Files => [pemOf(siteOf(options), intermediate)]
/** Leaf below an intermediate with changes. */
const under = (options: CertificateOptions, leaf: CertificateOptions = {}): Files => {
  const above = caOf('Intermediate', options)
  return [pemOf(siteOf({ issuer: above, ...leaf }), above)]
}
const keyed = (kind: KeyKind): Files => leafWith({ keys: made(kind) })
const damaged = (one: MadeCertificate): MadeCertificate => {
  const bytes = Uint8Array.from(one.der)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  return { ...one, der: bytes }
}
const unknownCritical = { '1.3.6.1.4.1.99999.1': extension('1.3.6.1.4.1.99999.1', der.sequence(), true) }
const revocation = (issuer: MadeCertificate, revoked: MadeCertificate) =>
  `-----BEGIN X509 CRL-----\n${Buffer.from(makeCrl({ issuer, revoked: [{ serial: revoked.serial }] })).toString('base64')}\n-----END X509 CRL-----\n`
const noCa = caOf('noca', { authority: false, keyUsage: [] })
const selfSigned = makeCertificate({ subject: 'shop.test', names: ['shop.test'], keys: made() })
const second = caOf('Second', { issuer: intermediate })

const cases: Record<string, () => { files: Files; given?: Given }> = {
  'no fault': () => ({ files: [pemOf(site, intermediate)] }),
  expired: () => ({ files: leafWith({ notAfter: day('2026-05-01') }) }),
  'not yet valid': () => ({ files: leafWith({ notBefore: day('2026-09-01') }) }),
  'backwards validity': () => ({
    files: leafWith({ notBefore: day('2026-06-20'), notAfter: day('2026-06-01') }),
  }),
  'expired intermediate': () => ({ files: under({ notAfter: day('2026-05-01') }) }),
  'intermediate not yet valid': () => ({ files: under({ notBefore: day('2026-09-01') }) }),
  'missing intermediate': () => ({ files: [site] }),
  'two missing': () => ({ files: [pemOf(siteOf({ issuer: second }), intermediate)] }),
  'namesake intermediate': () => ({ files: [pemOf(site, caOf('Intermediate'))] }),
  'another intermediate': () => ({ files: [pemOf(site, caOf('Other CA'))] }),
  'self-signed': () => ({ files: [selfSigned], given: { roots: [] } }),
  'private root not given': () => ({ files: [pemOf(site, intermediate)], given: { roots: [] } }),
  'namesake root': () => ({
    files: [pemOf(site, intermediate)],
    given: { roots: [makeCertificate({ subject: 'Root', authority: true, keys: made() })] },
  }),
  'issuer without CA:TRUE': () => ({ files: [pemOf(siteOf({ issuer: noCa }), noCa)] }),
  'issuer without CA:TRUE in a file of its own': () => ({ files: [siteOf({ issuer: noCa }), noCa] }),
  'issuer of version 1': () => {
    const old = caOf('Old CA', { version: 1 })
    return { files: [pemOf(siteOf({ issuer: old }), old)] }
  },
  'issuer may not sign': () => ({ files: under({ keyUsage: [0] }) }),
  'path too long': () => {
    const above = caOf('Intermediate', { authority: { pathLength: 0 } })
    const below = caOf('Second', { issuer: above })
    return { files: [pemOf(siteOf({ issuer: below }), below, above)] }
  },
  'name constraints': () => ({
    files: under({ extensions: { '2.5.29.30': nameConstraints([generalName('corp.test')]) } }),
  }),
  'intermediate for e-mail': () => ({ files: under({ purposes: ['1.3.6.1.5.5.7.3.4'] }) }),
  'chain and stranger': () => ({
    files: [
      pemOf(site, intermediate, siteOf({ subject: 'other.test', names: ['other.test'], issuer: second })),
    ],
  }),
  'two sites': () => ({ files: [site, siteOf({ subject: 'other.test', names: ['other.test'] })] }),
  'wrong order': () => ({ files: [pemOf(intermediate, site) + keyOf(site)] }),
  'root in the chain': () => ({ files: [pemOf(site, intermediate, root) + keyOf(site)] }),
  'key of another': () => ({ files: [pemOf(site, intermediate), keyOf(selfSigned)] }),
  'wrong host': () => ({ files: [pemOf(site, intermediate)], given: { host: 'www.shop.test' } }),
  'wildcard two labels': () => ({
    files: leafWith({ names: ['*.shop.test'] }),
    given: { host: 'a.b.shop.test' },
  }),
  'no alternative names': () => ({ files: leafWith({ names: undefined }) }),
  'address as a name': () => ({
    files: leafWith({
      extensions: {
        '2.5.29.17': extension('2.5.29.17', der.sequence(der.implicit(2, Buffer.from('192.168.1.10')))),
      },
    }),
  }),
  'a name in UTF-8': () => ({ files: leafWith({ names: ['müller.test'] }) }),
  'URL as a name': () => ({ files: leafWith({ names: ['https://shop.test/'] }) }),
  'for clients only': () => ({ files: leafWith({ purposes: [clientAuth] }) }),
  'unknown critical': () => ({ files: leafWith({ extensions: unknownCritical }) }),
  'unknown critical above': () => ({ files: under({ extensions: unknownCritical }) }),
  'damaged signature': () => ({ files: [pemOf(damaged(site), intermediate)] }),
  'damaged intermediate': () => ({ files: [pemOf(site, damaged(intermediate))] }),
  'SHA-1': () => ({ files: leafWith({ hash: 'sha1' }) }),
  'RSA 1024': () => ({ files: keyed('rsa1024') }),
  brainpool: () => ({ files: keyed('brainpoolP256r1') }),
  secp256k1: () => ({ files: keyed('secp256k1') }),
  'explicit curve': () => ({ files: keyed('explicit-ec') }),
  'P-521': () => ({ files: keyed('p521') }),
  Ed25519: () => ({ files: keyed('ed25519') }),
  'RSA-PSS key': () => ({ files: keyed('pss-key') }),
  'ML-DSA': () => ({ files: keyed('ml-dsa-65') }),
  DSA: () => ({ files: keyed('dsa') }),
  'keyEncipherment only, RSA': () => ({ files: leafWith({ keys: made('rsa'), keyUsage: [2] }) }),
  'keyEncipherment only, EC': () => ({ files: leafWith({ keyUsage: [2] }) }),
  revoked: () => ({ files: [pemOf(site, intermediate), revocation(intermediate, site)] }),
  'revoked intermediate': () => ({ files: [pemOf(site, intermediate), revocation(root, intermediate)] }),
  '900 days': () => ({ files: leafWith({ notAfter: day('2028-06-20') }) }),
  'root alone': () => ({ files: [root] }),
  'intermediate alone': () => ({ files: [intermediate] }),
  'key alone': () => ({ files: [keyOf(site)] }),
  empty: () => ({ files: [''] }),
  'web page': () => ({ files: ['<!doctype html><html><body>Not found</body></html>'] }),
  truncated: () => ({ files: [pemOf(site).slice(0, 200)] }),
}

/** Fault, first error of `openssl verify -purpose sslserver -verify_hostname` (3.5), headline, cure. */
const table: [fault: string, openssl: string, headline: string, cure: string][] = [
  [
    'no fault',
    'OK',
    'The certificate for shop.test is valid and its chain is complete.',
    'No action is needed. A server also needs its private key, which is not in these files.',
  ],
  [
    'expired',
    'certificate has expired',
    'The certificate for shop.test expired on 1 May 2026, 45 days ago.',
    'Renew it, and replace it with the new one.',
  ],
  [
    'not yet valid',
    'certificate is not yet valid',
    'The certificate for shop.test is valid only from 1 September 2026, in 2 months.',
    "Wait until then, or correct this computer's clock if it is wrong.",
  ],
  [
    'backwards validity',
    'certificate is not yet valid',
    'It ends before it begins, so it is never valid.',
    'Issue it again with an end after its begin.',
  ],
  [
    'expired intermediate',
    'certificate has expired',
    'The intermediate “Intermediate” was valid until 1 May 2026 (45 days ago). The certificate for shop.test itself is within its validity period.',
    "Replace it with the authority's current intermediate.",
  ],
  [
    'intermediate not yet valid',
    'certificate is not yet valid',
    'The intermediate “Intermediate” is valid only from 1 September 2026 (in 2 months). The certificate for shop.test itself is within its validity period.',
    "Replace it with the authority's current intermediate.",
  ],
  [
    'missing intermediate',
    'unable to get local issuer certificate',
    '“Intermediate”, which issued shop.test, is missing: “Root” given as trusted did not issue it.',
    'Get it from the authority, which sends it with the certificate, and add it after the certificate.',
  ],
  [
    'two missing',
    'unable to get local issuer certificate',
    '“Intermediate” did not issue shop.test: “Second” did, which is missing.',
    'Leave “Intermediate” out, unless “Intermediate” issued “Second”. Get “Second” from the authority, which sends it with the certificate, and add it after the certificate.',
  ],
  [
    'namesake intermediate',
    'unable to get local issuer certificate',
    '“Intermediate” in the files did not issue shop.test: it has the name of the issuer, but another key.',
    'Leave it out. Get the one that did from the authority, which sends it with the certificate, and add it after the certificate.',
  ],
  [
    'another intermediate',
    'unable to get local issuer certificate',
    '“Other CA” did not issue shop.test: “Intermediate” did, which is missing.',
    'Leave “Other CA” out, unless “Other CA” issued “Intermediate”. Get “Intermediate” from the authority, which sends it with the certificate, and add it after the certificate.',
  ],
  [
    'self-signed',
    'self-signed certificate',
    'The certificate for shop.test is self-signed: no trusted authority issued it, so every browser warns.',
    'For a public site, get a certificate from a public authority. On your own computer, use a free certificate of the local authority.',
  ],
  [
    'private root not given',
    'unable to get local issuer certificate',
    'The certificate for shop.test leads to “Root”, which is not trusted here.',
    'If the authority is your own, trust its root. For a public site, get a certificate from a public authority.',
  ],
  [
    'namesake root',
    'unable to get local issuer certificate',
    '“Root” did not sign the certificate for shop.test: the root given with that name has another key.',
    'Give the root whose key signed it; its serial number or date tells one “Root” from the other.',
  ],
  [
    'issuer without CA:TRUE',
    'invalid CA certificate',
    'The intermediate “noca” is not a CA, so it cannot have issued shop.test.',
    'Get it from an authority. If the issuer is your own, issue its certificate again as a CA (CA:TRUE, keyCertSign) with the same key.',
  ],
  [
    'issuer without CA:TRUE in a file of its own',
    'invalid CA certificate',
    'The intermediate “noca” is not a CA, so it cannot have issued shop.test.',
    'Get it from an authority. If the issuer is your own, issue its certificate again as a CA (CA:TRUE, keyCertSign) with the same key.',
  ],
  [
    'issuer of version 1',
    'invalid CA certificate',
    'The intermediate “Old CA” is not a CA, so it cannot have issued shop.test.',
    'Get it from an authority. If the issuer is your own, issue its certificate again as a CA (CA:TRUE, keyCertSign) with the same key.',
  ],
  [
    'issuer may not sign',
    'invalid CA certificate',
    'The intermediate “Intermediate” has a key that may not sign certificates.',
    'Get it from an authority. If the issuer is your own, issue its certificate again as a CA (CA:TRUE, keyCertSign) with the same key.',
  ],
  [
    'path too long',
    'path length constraint exceeded',
    'The intermediate “Intermediate” allows no intermediates beneath it, and there is 1.',
    'Its authority may have no further one below it: the same authority would issue it with the same fault. Get it from another, or give the right intermediate.',
  ],
  [
    'name constraints',
    'permitted subtree violation',
    '“Intermediate” may not issue for shop.test.',
    'Its authority may not issue for these names: the same authority would issue it with the same fault. Get it from another, or give the right intermediate.',
  ],
  [
    'intermediate for e-mail',
    'unsuitable certificate purpose',
    'The intermediate “Intermediate” is not meant for TLS servers.',
    'Its authority may not issue for TLS servers: the same authority would issue it with the same fault. Get it from another, or give the right intermediate.',
  ],
  [
    'chain and stranger',
    'OK',
    '“other.test” does not belong to the chain of shop.test.',
    'Remove it from the file, since some clients refuse a chain with others in it. Select shop.test for its details.',
  ],
  [
    'two sites',
    'unable to get local issuer certificate',
    'These files hold 2 certificates: 0 with a private key, 2 without.',
    'Select one for details. All that have their key can be added to the vault together.',
  ],
  [
    'wrong order',
    'unsuitable certificate purpose',
    'The files for shop.test need cleaning up: the certificates are out of order.',
    'Save the clean files, or add them to the vault, which cleans them up.',
  ],
  [
    'root in the chain',
    'OK',
    'The chain of shop.test is complete, but it includes the root “Root”, which clients do not need and some services refuse.',
    'Save the clean files, which leave the root out.',
  ],
  [
    'key of another',
    'OK',
    'The private key does not belong to the certificate for shop.test: their public keys differ.',
    "Find the key that was made with this certificate's request. If it is lost, get a new certificate with a new key.",
  ],
  [
    'wrong host',
    'hostname mismatch',
    'The certificate for shop.test does not cover www.shop.test; it names shop.test.',
    'Use it for shop.test, or get one that also covers this host.',
  ],
  [
    'wildcard two labels',
    'hostname mismatch',
    'The certificate for shop.test does not cover a.b.shop.test; it names *.shop.test. *.shop.test covers only one label in front of shop.test.',
    'Use it for *.shop.test, or get one that also covers this host.',
  ],
  [
    'no alternative names',
    'OK',
    'No subject alternative names; clients reject it for every host.',
    'Issue it again with its host names as subject alternative names; no client looks at the common name.',
  ],
  [
    'address as a name',
    'hostname mismatch',
    'The address 192.168.1.10 is written as a DNS name.',
    'Issue it again with the address as an IP address; clients do not look for it among DNS names.',
  ],
  [
    'a name in UTF-8',
    'hostname mismatch',
    'Its extension “subject alt name” is malformed: a name is not ASCII: müller.test has to be written xn--mller-kva.test.',
    'Issue it again with a tool that writes valid DER; most clients refuse to read it.',
  ],
  [
    'URL as a name',
    'OK',
    'Its alternative names hold no host.',
    'Issue it again with at least one DNS name or IP address.',
  ],
  [
    'for clients only',
    'unsuitable certificate purpose',
    'The certificate for shop.test is not meant for TLS servers.',
    'Get one that is issued for TLS servers (extended key usage serverAuth).',
  ],
  [
    'unknown critical',
    'unhandled critical extension',
    'Its extension “1.3.6.1.4.1.99999.1” is critical, so clients refuse the certificate.',
    'Issue it again without that extension, or with it marked as not critical.',
  ],
  [
    'unknown critical above',
    'unhandled critical extension',
    '“Intermediate” in its chain: its extension “1.3.6.1.4.1.99999.1” is critical, so clients refuse the certificate.',
    'Issue it again without that extension, or with it marked as not critical.',
  ],
  [
    'damaged signature',
    'certificate signature failure',
    'The signature on shop.test is not by the key of “Intermediate”.',
    'Get the certificate and its chain from the authority again. One of them was changed, or they do not belong together.',
  ],
  [
    'damaged intermediate',
    'certificate signature failure',
    'The signature on “Intermediate” is not by the key of “Root”.',
    'Get the certificate and its chain from the authority again. One of them was changed, or they do not belong together.',
  ],
  [
    'SHA-1',
    'OK',
    'It is signed with SHA-1, which can be forged: every browser refuses it.',
    'Have it issued again with SHA-256.',
  ],
  [
    'RSA 1024',
    'OK',
    'Its RSA key has 1024 bits; clients refuse less than 2048.',
    'Make a new key, RSA with 2048 bits or more or EC P-256, and have a certificate issued for it.',
  ],
  [
    'brainpool',
    'OK',
    'Its key is on the curve brainpoolP256r1, which browsers do not know.',
    'Make a new key on P-256 or P-384; browsers know no other curves.',
  ],
  [
    'secp256k1',
    'OK',
    'Its key is on the curve secp256k1, which browsers do not know.',
    'Make a new key on P-256 or P-384; browsers know no other curves.',
  ],
  [
    'explicit curve',
    'Certificate public key has explicit ECC parameters',
    'It has an elliptic curve that is not named.',
    'Get one with a key on P-256 (a named curve), or with an RSA key of 2048 bits or more.',
  ],
  [
    'P-521',
    'OK',
    'Refused by Chrome and Edge: Its key is of the type EC P-521, which the client does not accept.',
    'Make a new key, RSA 2048 or EC P-256, and have a certificate issued for it.',
  ],
  [
    'Ed25519',
    'OK',
    'Refused by Chrome and Edge: Its key is of the type Ed25519, which the client does not accept.',
    'Make a new key, RSA 2048 or EC P-256, and have a certificate issued for it.',
  ],
  [
    'RSA-PSS key',
    'OK',
    'Refused by Chrome and Edge: Its key is of the type RSA-PSS, which the client does not accept.',
    'Make a new key, RSA 2048 or EC P-256, and have a certificate issued for it.',
  ],
  [
    'ML-DSA',
    'OK',
    'Refused by Firefox: Its key is of the type ML-DSA-65, which the client does not accept.',
    'Make a new key, RSA 2048 or EC P-256, and have a certificate issued for it.',
  ],
  [
    'DSA',
    'OK',
    'It has a DSA key, which no client accepts any more.',
    'Get one with a key on P-256 (a named curve), or with an RSA key of 2048 bits or more.',
  ],
  [
    'keyEncipherment only, RSA',
    'OK',
    'Refused by Chrome and Edge: Its key usage does not permit digital signatures, which every handshake needs.',
    'Have it issued again with the key usage digitalSignature.',
  ],
  [
    'keyEncipherment only, EC',
    'OK',
    'Refused by Chrome and Edge: Its key usage does not permit digital signatures, which every handshake needs.',
    'Have it issued again with the key usage digitalSignature.',
  ],
  [
    'revoked',
    'OK',
    'The certificate for shop.test was revoked by its issuer on 4 May 2026.',
    'Get a new certificate with a new key, and replace this one at once.',
  ],
  [
    'revoked intermediate',
    'OK',
    'The intermediate “Intermediate” was revoked by its issuer on 4 May 2026.',
    'Replace it with the authority’s current one. The certificate itself can stay.',
  ],
  [
    '900 days',
    'OK',
    'It lasts 901 days; Apple devices accept at most 825, also under a private authority.',
    'Issue it again for 825 days or less; Safari and every app on Apple devices refuse a longer one.',
  ],
  [
    'root alone',
    'unsuitable certificate purpose',
    '“Root” is a root: a CA certificate, not a server’s.',
    'Add the certificate that was issued for your site. Clients install a root as trusted; servers do not send it.',
  ],
  [
    'intermediate alone',
    'unsuitable certificate purpose',
    '“Intermediate” is an intermediate: a CA certificate, not a server’s.',
    'Add the certificate that this authority issued for your site. This one follows it in the chain.',
  ],
  [
    'key alone',
    'Could not find certificate',
    'There is a private key here (EC P-256 private key (PKCS#8)), but no certificate.',
    'Add the certificate that was issued for it.',
  ],
  [
    'empty',
    'Could not find certificate',
    '0.pem is empty.',
    'Save or download it again: nothing was written to it.',
  ],
  [
    'web page',
    'Could not find certificate',
    '0.pem is a web page, not a certificate.',
    'The download failed or needs a login: open its address in a browser, and save the certificate there.',
  ],
  [
    'truncated',
    'Could not find certificate',
    'The certificate in 0.pem, block 1, line 1 cannot be read: "-----END CERTIFICATE-----" is missing.',
    'Copy or export it again, whole.',
  ],
]

describe('the headline names the fault and its cure', () => {
  test('the table covers every fault', () => {
    expect(table.map(([fault]) => fault)).toEqual(Object.keys(cases))
  })

  test.each(table)('%s (openssl: %s)', (fault, openssl, sentence, nextStep) => {
    const { files, given } = cases[fault]!()
    const said = headline(files, { roots: [root], ...given })
    expect(said).toMatchObject({ sentence, nextStep })

    if (openssl !== 'OK') expect(said.severity).not.toBe('good')
  })
})
