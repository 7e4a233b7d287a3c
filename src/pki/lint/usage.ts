import { extensionOids, keyUsageBits } from '../x509/extensions.ts'
import {
  all,
  askForAnother,
  authority,
  intermediate,
  issued,
  leaf,
  type LintRule,
  rfc,
  rfc5280,
} from './rule.ts'

const dataEncipherment = 3

export const usageRules: LintRule[] = [
  {
    id: 'usage.empty',
    severity: 'error',
    reference: rfc5280('4.2.1.3'),
    roles: all,
    advice: 'Issue it again with a key usage that says something, or without one.',
    check: ({ parsed }) =>
      parsed.decoded.keyUsage?.size === 0 ? 'Its key usage allows nothing at all.' : undefined,
  },
  {
    id: 'usage.leaf_signs_certificates',
    severity: 'error',
    reference: rfc5280('4.2.1.3'),
    roles: leaf,
    advice: 'Issue it again without “certificate signing”.',
    check: ({ parsed }) =>
      parsed.decoded.keyUsage?.has(keyUsageBits.keyCertSign) && !parsed.decoded.basicConstraints?.isCa
        ? 'Its key may sign certificates although it is not an authority.'
        : undefined,
  },
  {
    id: 'usage.no_signature',
    severity: 'warning',
    reference: rfc(8446, '4.4.2.2'),
    roles: leaf,
    advice: 'Issue it again with the key usage “digital signature”.',
    check: ({ parsed }) => {
      const usage = parsed.decoded.keyUsage
      return usage && usage.size > 0 && !usage.has(keyUsageBits.digitalSignature)
        ? 'Its key may not sign, which TLS 1.3 and every modern cipher suite need.'
        : undefined
    },
  },
  {
    id: 'usage.ec_enciphers',
    severity: 'error',
    reference: rfc(8813, '3'),
    binds: 'public',
    roles: leaf,
    since: '2020-08-01',
    advice: askForAnother,
    check: ({ parsed, facts }) => {
      const usage = parsed.decoded.keyUsage
      const enciphers = usage?.has(keyUsageBits.keyEncipherment) || usage?.has(dataEncipherment)
      return facts.publicKey.type === 'EC' && enciphers
        ? 'It allows an EC key to encipher keys or data, which such a key cannot do.'
        : undefined
    },
  },
  {
    id: 'usage.not_critical',
    severity: 'notice',
    reference: rfc5280('4.2.1.3'),
    roles: issued,
    advice: 'It does no harm to a site; the next one should have it critical.',
    check: ({ extension }) =>
      extension(extensionOids.keyUsage)?.critical === false ? 'Its key usage is not critical.' : undefined,
  },
  {
    id: 'usage.authority_without',
    severity: 'error',
    reference: rfc5280('4.2.1.3'),
    roles: intermediate,
    advice: 'Issue it again with the key usage “certificate signing”.',
    check: ({ extension }) =>
      extension(extensionOids.keyUsage) ? undefined : 'It is an authority without a key usage.',
  },
  {
    id: 'usage.authority_does_not_sign',
    severity: 'error',
    reference: rfc5280('4.2.1.3'),
    roles: authority,
    advice: 'Issue it again with the key usage “certificate signing”; nothing it signs holds.',
    check: ({ parsed }) => {
      const usage = parsed.decoded.keyUsage
      return usage && !usage.has(keyUsageBits.keyCertSign)
        ? 'It is an authority whose key may not sign certificates.'
        : undefined
    },
  },
]
