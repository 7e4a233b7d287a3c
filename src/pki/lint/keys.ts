import { rsaFault } from './rsa-faults.ts'
import { all, askForAnother, br, type LintRule, rfc } from './rule.ts'

const publicCurves = new Set(['P-256', 'P-384', 'P-521'])
const isRsa = (type: string): boolean => type === 'RSA' || type === 'RSA-PSS'

export const keyRules: LintRule[] = [
  {
    id: 'key.rsa_too_short',
    severity: 'error',
    reference: br('6.1.5'),
    roles: all,
    advice: 'Make a new key, RSA with 2048 bits or more or EC P-256, and have a certificate issued for it.',
    check: ({ facts: { publicKey } }) =>
      isRsa(publicKey.type) && (publicKey.bits ?? 0) < 2048
        ? `Its RSA key has ${publicKey.bits} bits; clients refuse less than 2048.`
        : undefined,
  },
  {
    id: 'key.rsa_odd_size',
    severity: 'error',
    reference: br('6.1.5'),
    binds: 'public',
    roles: all,
    advice: 'Make a new key with a usual size: 2048, 3072 or 4096 bits.',
    check: ({ facts: { publicKey } }) =>
      isRsa(publicKey.type) && (publicKey.bits ?? 0) % 8 !== 0
        ? `Its RSA key has ${publicKey.bits} bits, which is not a multiple of 8.`
        : undefined,
  },
  {
    id: 'key.rsa_very_long',
    severity: 'notice',
    reference: rfc(8446, '4.2.3'),
    roles: ['leaf'],
    advice:
      'Use RSA with 2048 or 3072 bits or EC P-256: as safe for the life of a certificate, and many times faster.',
    check: ({ facts: { publicKey } }) =>
      isRsa(publicKey.type) && (publicKey.bits ?? 0) > 4096
        ? `Its RSA key has ${publicKey.bits} bits; each handshake costs the server dearly, and some services refuse it.`
        : undefined,
  },
  {
    id: 'key.rsa_broken',
    severity: 'error',
    reference: br('6.1.1.3 and 6.1.6'),
    roles: all,
    advice:
      'Make a new key with a current tool and have the certificate issued again; treat the old key as public.',
    check: ({ parsed }) => rsaFault(parsed.publicKey),
  },
  {
    id: 'key.rsa_small_exponent',
    severity: 'notice',
    reference: br('6.1.6'),
    roles: ['leaf', 'intermediate'],
    advice: 'Make the next key with the usual exponent, 65537.',
    check: ({ parsed }) => {
      const exponent = parsed.publicKey?.asymmetricKeyDetails?.publicExponent
      return exponent !== undefined && exponent >= 3n && exponent < 65_537n && exponent % 2n === 1n
        ? `Its RSA key has the exponent ${exponent}; 65537 is advised.`
        : undefined
    },
  },
  {
    id: 'key.curve',
    severity: 'error',
    reference: br('6.1.5'),
    roles: all,
    advice: 'Make a new key on P-256 or P-384; browsers know no other curves.',
    check: ({ facts: { publicKey } }) =>
      publicKey.type === 'EC' && !publicCurves.has(publicKey.curve ?? '')
        ? `Its key is on the curve ${publicKey.curve ?? 'with no name'}, which browsers do not know.`
        : undefined,
  },
  {
    id: 'key.p521',
    severity: 'warning',
    reference: 'Mozilla Root Store Policy, section 5.1',
    binds: 'public',
    roles: ['leaf', 'intermediate'],
    advice: 'Use P-256 or P-384; Chrome does not speak P-521 in handshakes.',
    check: ({ facts: { publicKey } }) =>
      publicKey.curve === 'P-521' ? 'Its key is on P-521, which not every browser accepts.' : undefined,
  },
  {
    id: 'key.type',
    severity: 'error',
    reference: br('6.1.5'),
    binds: 'public',
    roles: all,
    advice: `Use RSA with 2048 bits or more, or EC on P-256 or P-384. ${askForAnother}`,
    check: ({ facts: { publicKey } }) =>
      isRsa(publicKey.type) || publicKey.type === 'EC'
        ? undefined
        : `Its key is of the type ${publicKey.type}, which no public certificate may have.`,
  },
  {
    id: 'key.type_unknown_to_browsers',
    severity: 'warning',
    reference: rfc(8446, '4.2.3'),
    binds: 'private',
    roles: ['leaf'],
    advice: 'Use EC P-256 where browsers are to reach the site.',
    check: ({ facts: { publicKey } }) =>
      isRsa(publicKey.type) || publicKey.type === 'EC'
        ? undefined
        : `Its key is of the type ${publicKey.type}; OpenSSL takes it, browsers do not.`,
  },
  {
    id: 'key.pss',
    severity: 'error',
    reference: br('7.1.3.1.1'),
    binds: 'public',
    roles: all,
    advice: askForAnother,
    check: ({ facts: { publicKey } }) =>
      publicKey.type === 'RSA-PSS'
        ? 'Its key is limited to RSA-PSS, which many clients cannot use.'
        : undefined,
  },
]
