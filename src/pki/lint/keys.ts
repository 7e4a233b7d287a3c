import { tags, toHex } from '../asn1/der.ts'
import { type Algorithm, formatScheme, signatureScheme } from '../x509/algorithms.ts'
import { rsaFault } from './rsa-faults.ts'
import {
  all,
  askForAnother,
  br,
  error,
  issued,
  leaf,
  type LintRule,
  notice,
  privateLeaf,
  publicAll,
  publicIssued,
  rfc,
  warning,
} from './rule.ts'

const publicCurves = new Set(['P-256', 'P-384', 'P-521'])
const pssOid = '1.2.840.113549.1.1.10'
const ecOid = '1.2.840.10045.2.1'
const isRsa = (type: string): boolean => type === 'RSA' || type === 'RSA-PSS'

/** `SHA-1` of `RSA with SHA-1`. */
const formatHash = (algorithm: string): string => /(?:MD\d|SHA-\d+)$/.exec(algorithm)?.[0] ?? algorithm

/** RSA with 1024 bits was allowed in certificates that ended by then (appendix A of version 1). */
const endOfShortKeys = Date.parse('2014-01-01')
/** Public certificates could have DSA keys until version 1.7.1 (ballot SC35). */
const endOfDsa = Date.parse('2020-08-20')
const publicSha1End = Date.parse('2016-01-01')

const publicHashes = new Set(['sha256', 'sha384', 'sha512'])

export const keyRules: LintRule[] = [
  error('key.rsa_too_short', br('6.1.5'), all, {
    advice: 'Make a new key, RSA with 2048 bits or more or EC P-256, and have a certificate issued for it.',
    check: ({ facts: { publicKey }, parsed }) =>
      isRsa(publicKey.type) &&
      (publicKey.bits ?? 0) < (parsed.notAfter <= endOfShortKeys ? 1024 : 2048) &&
      `Its RSA key has ${publicKey.bits} bits; clients refuse less than 2048.`,
  }),
  error('key.rsa_odd_size', br('6.1.5'), publicAll, {
    advice: 'Make a new key with a usual size: 2048, 3072 or 4096 bits.',
    check: ({ facts: { publicKey } }) =>
      isRsa(publicKey.type) &&
      (publicKey.bits ?? 0) % 8 !== 0 &&
      `Its RSA key has ${publicKey.bits} bits, which is not a multiple of 8.`,
  }),
  notice('key.rsa_very_long', rfc(8446, '4.2.3'), leaf, {
    advice:
      'Use RSA with 2048 or 3072 bits or EC P-256: as safe for the life of a certificate, and many times faster.',
    check: ({ facts: { publicKey } }) =>
      isRsa(publicKey.type) &&
      (publicKey.bits ?? 0) > 4096 &&
      `Its RSA key has ${publicKey.bits} bits; each handshake costs the server dearly, and some services refuse it.`,
  }),
  error('key.rsa_broken', br('6.1.1.3 and 6.1.6'), all, {
    advice:
      'Make a new key with a current tool and have the certificate issued again; treat the old key as public.',
    check: ({ parsed }) => rsaFault(parsed.publicKey),
  }),
  notice('key.rsa_small_exponent', br('6.1.6'), issued, {
    advice: 'Make the next key with the usual exponent, 65537.',
    check: ({ parsed }) => {
      const exponent = parsed.publicKey?.asymmetricKeyDetails?.publicExponent
      return (
        exponent !== undefined &&
        exponent >= 3n &&
        exponent < 65_537n &&
        exponent % 2n === 1n &&
        `Its RSA key has the exponent ${exponent}; 65537 is advised.`
      )
    },
  }),
  error('key.curve', br('6.1.5'), all, {
    advice: 'Make a new key on P-256 or P-384; browsers know no other curves.',
    check: ({ facts: { publicKey } }) =>
      publicKey.type === 'EC' &&
      !publicCurves.has(publicKey.curve ?? '') &&
      `Its key is on the curve ${publicKey.curve ?? 'with no name'}, which browsers do not know.`,
  }),
  warning('key.p521', 'Mozilla Root Store Policy, section 5.1', publicIssued, {
    advice: 'Use P-256 or P-384; Chrome does not speak P-521 in handshakes.',
    check: ({ facts: { publicKey } }) =>
      publicKey.curve === 'P-521' && 'Its key is on P-521, which not every browser accepts.',
  }),
  error('key.type', br('6.1.5'), publicAll, {
    advice: `Use RSA with 2048 bits or more, or EC on P-256 or P-384. ${askForAnother}`,
    check: ({ facts: { publicKey }, parsed }) =>
      !(isRsa(publicKey.type) || publicKey.type === 'EC' || parsed.keyAlgorithm.oid === pssOid) &&
      !(publicKey.type === 'DSA' && parsed.notBefore < endOfDsa) &&
      `Its key is of the type ${publicKey.type}, which no public certificate may have.`,
  }),
  warning('key.type_unknown_to_browsers', rfc(8446, '4.2.3'), privateLeaf, {
    advice: 'Use EC P-256 where browsers are to reach the site.',
    // Chromium 156 opens a site with ML-DSA.
    check: ({ facts: { publicKey } }) =>
      !(isRsa(publicKey.type) || publicKey.type === 'EC' || publicKey.type.startsWith('ML-DSA')) &&
      `Its key is of the type ${publicKey.type}, which browsers do not accept.`,
  }),
  error('key.pss', br('7.1.3.1.1'), publicAll, {
    check: ({ parsed }) =>
      parsed.keyAlgorithm.oid === pssOid && 'Its key is limited to RSA-PSS, which many clients cannot use.',
  }),
  error('signature.forgeable', rfc(9155, '1'), issued, {
    advice: 'Have it issued again with SHA-256.',
    check: ({ parsed, facts, scope }) => {
      const hash = signatureScheme(parsed.signatureAlgorithm)?.hash
      if (hash === 'sha1' && scope === 'public' && parsed.notBefore < publicSha1End) return undefined
      const isWeak = hash === 'md5' || hash === 'sha1' || /MD2|MD4|SHA-1$/.test(facts.signatureAlgorithm)
      return (
        isWeak &&
        `It is signed with ${formatHash(facts.signatureAlgorithm)}, which can be forged: every browser refuses it.`
      )
    },
  }),
  error('key.encoding', br('7.1.3.1'), publicAll, {
    check: ({ parsed: { keyAlgorithm } }) =>
      !isWellParameterised(keyAlgorithm) &&
      'The algorithm of its key is not encoded as required (NULL for RSA, a named curve for EC).',
  }),
  error('signature.encoding', rfc(4055, '5'), all, {
    advice: 'Issue it again with NULL as the parameters of its RSA signature; strict clients refuse it.',
    check: ({ parsed: { signatureAlgorithm } }) =>
      signatureScheme(signatureAlgorithm)?.kind === 'rsa' &&
      signatureAlgorithm.parameters === undefined &&
      'The parameters of its RSA signature are absent instead of NULL.',
  }),
  error('signature.ecdsa_hash', br('7.1.3.2.2'), publicAll, {
    since: '2020-01-01',
    check: ({ parsed: { signatureAlgorithm, signature } }) => {
      const scheme = signatureScheme(signatureAlgorithm)
      const { curve, hash } = ecdsaHashes.find(({ longest }) => signature.length <= longest) ?? {}
      return (
        scheme?.kind === 'ecdsa' &&
        scheme.hash !== hash &&
        `It is signed with ${scheme.hash} by a key on ${curve}, which signs with ${hash}.`
      )
    },
  }),
  error('signature.unknown', br('7.1.3.2'), publicIssued, {
    check: ({ parsed, facts }) => {
      const scheme = signatureScheme(parsed.signatureAlgorithm)
      if (scheme?.hash === 'md5' || scheme?.hash === 'sha1') return undefined
      const fits = scheme && scheme.kind !== 'eddsa' && publicHashes.has(scheme.hash ?? '')
      return (
        !fits &&
        `It is signed by ${scheme ? formatScheme(parsed.signatureAlgorithm) : facts.signatureAlgorithm}, which no public authority may use.`
      )
    },
  }),
]

/** Curve of the issuer and its hash by the longest DER signature on that curve. */
const ecdsaHashes = [
  { longest: 72, curve: 'P-256', hash: 'sha256' },
  { longest: 104, curve: 'P-384', hash: 'sha384' },
  { longest: 141, curve: 'P-521', hash: 'sha512' },
]

const rsaOid = '1.2.840.113549.1.1.1'
const nullParameters = '0500'

/** Other key types have rules of their own. */
function isWellParameterised({ oid, parameters }: Algorithm): boolean {
  if (oid === rsaOid) return parameters !== undefined && toHex(parameters) === nullParameters
  return oid !== ecOid || parameters?.[0] === tags.objectIdentifier
}
