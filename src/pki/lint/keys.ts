import { formatScheme, signatureScheme } from '../x509/algorithms.ts'
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
const isRsa = (type: string): boolean => type === 'RSA' || type === 'RSA-PSS'

/** `SHA-1` of `RSA with SHA-1`. */
const formatHash = (algorithm: string): string => /(?:MD\d|SHA-\d+)$/.exec(algorithm)?.[0] ?? algorithm

const publicHashes = new Set(['sha256', 'sha384', 'sha512'])

export const keyRules: LintRule[] = [
  error('key.rsa_too_short', br('6.1.5'), all, {
    advice: 'Make a new key, RSA with 2048 bits or more or EC P-256, and have a certificate issued for it.',
    check: ({ facts: { publicKey } }) =>
      isRsa(publicKey.type) &&
      (publicKey.bits ?? 0) < 2048 &&
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
    check: ({ facts: { publicKey } }) =>
      !(isRsa(publicKey.type) || publicKey.type === 'EC') &&
      `Its key is of the type ${publicKey.type}, which no public certificate may have.`,
  }),
  warning('key.type_unknown_to_browsers', rfc(8446, '4.2.3'), privateLeaf, {
    advice: 'Use EC P-256 where browsers are to reach the site.',
    check: ({ facts: { publicKey } }) =>
      !(isRsa(publicKey.type) || publicKey.type === 'EC') &&
      `Its key is of the type ${publicKey.type}; OpenSSL takes it, browsers do not.`,
  }),
  error('key.pss', br('7.1.3.1.1'), publicAll, {
    check: ({ facts: { publicKey } }) =>
      publicKey.type === 'RSA-PSS' && 'Its key is limited to RSA-PSS, which many clients cannot use.',
  }),
  error('signature.forgeable', rfc(9155, '1'), issued, {
    advice: 'Have it issued again with SHA-256.',
    check: ({ parsed, facts }) => {
      const hash = signatureScheme(parsed.signatureAlgorithm)?.hash
      const isWeak = hash === 'md5' || hash === 'sha1' || /MD2|MD4|SHA-1$/.test(facts.signatureAlgorithm)
      return (
        isWeak &&
        `It is signed with ${formatHash(facts.signatureAlgorithm)}, which can be forged: every browser refuses it.`
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
