import { extensionOids, keyUsageBits } from '../verify/extensions.ts'
import {
  all,
  askForAnother,
  authority,
  br,
  intermediate,
  issued,
  leaf,
  type LintRule,
  rfc,
  rfc5280,
} from './rule.ts'

const serverAuth = '1.3.6.1.5.5.7.3.1'
const clientAuth = '1.3.6.1.5.5.7.3.2'
const anyPurpose = '2.5.29.37.0'
const dataEncipherment = 3

/** What key and certificate may be used for. */
export const purposeRules: LintRule[] = [
  {
    id: 'purpose.server_auth_missing',
    severity: 'error',
    reference: br('7.1.2.7.10'),
    binds: 'public',
    roles: leaf,
    advice: 'Have it issued for TLS servers (extended key usage serverAuth).',
    check: ({ parsed }) =>
      parsed.decoded.extendedKeyUsage?.includes(serverAuth) ? undefined : 'It is not issued for TLS servers.',
  },
  {
    id: 'purpose.not_for_servers',
    severity: 'warning',
    reference: 'Apple, Requirements for trusted certificates in iOS 13 and macOS 10.15 (HT210176)',
    binds: 'private',
    roles: leaf,
    since: '2019-07-01',
    advice: 'Issue it again with the extended key usage serverAuth.',
    check: ({ parsed }) => {
      const purposes = parsed.decoded.extendedKeyUsage
      if (purposes?.includes(serverAuth)) return undefined
      return purposes && !purposes.includes(anyPurpose)
        ? 'It is not issued for TLS servers, so clients refuse it there.'
        : 'It does not say that it is for TLS servers; Apple devices refuse it for that.'
    },
  },
  {
    id: 'purpose.any',
    severity: 'error',
    reference: br('7.1.2.7.10'),
    binds: 'public',
    roles: leaf,
    advice: askForAnother,
    check: ({ parsed }) =>
      parsed.decoded.extendedKeyUsage?.includes(anyPurpose)
        ? 'It is issued for any purpose, which a public certificate may not be.'
        : undefined,
  },
  {
    id: 'purpose.mixed',
    severity: 'error',
    reference: br('7.1.2.7.10'),
    binds: 'public',
    roles: leaf,
    since: '2023-09-15',
    advice: askForAnother,
    check: ({ parsed }) => {
      const allowed = [serverAuth, clientAuth, anyPurpose]
      return parsed.decoded.extendedKeyUsage?.some(
        (oid) => forbiddenBeside.has(oid) && !allowed.includes(oid),
      )
        ? 'It is issued for more than TLS (code signing, e-mail, time stamping or OCSP).'
        : undefined
    },
  },
  {
    id: 'purpose.client_auth',
    severity: 'notice',
    reference: 'Chrome Root Program Policy 1.8, dedicated TLS server authentication',
    binds: 'public',
    roles: leaf,
    advice: 'Where you use it as a client certificate too, get that one from a private authority by then.',
    check: ({ parsed }) =>
      parsed.decoded.extendedKeyUsage?.includes(clientAuth)
        ? 'It is for TLS clients too; certificates issued from 15 March 2027 on may not be, or Chrome refuses them.'
        : undefined,
  },
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
        ? 'Its key may sign certificates although it is no authority.'
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
  {
    id: 'constraints.authority_not_critical',
    severity: 'error',
    reference: rfc5280('4.2.1.9'),
    roles: intermediate,
    advice: 'Issue it again with critical basic constraints.',
    check: ({ extension }) =>
      extension(extensionOids.basicConstraints)?.critical === false
        ? 'Its basic constraints are not critical.'
        : undefined,
  },
  {
    id: 'constraints.leaf_path_length',
    severity: 'error',
    reference: rfc5280('4.2.1.9'),
    roles: leaf,
    advice: 'Issue it again without a path length; it is no authority.',
    check: ({ parsed: { decoded } }) =>
      decoded.basicConstraints?.pathLength === undefined || decoded.basicConstraints.isCa
        ? undefined
        : 'It limits the authorities beneath it without being one.',
  },
  {
    id: 'constraints.authority_as_leaf',
    severity: 'warning',
    reference: br('7.1.2.7.8'),
    roles: leaf,
    advice:
      'Issue it again as what it is, not as an authority (with OpenSSL: -addext basicConstraints=critical,CA:FALSE).',
    check: ({ parsed }) =>
      parsed.decoded.basicConstraints?.isCa
        ? 'It names hosts and is an authority at once: whoever trusts it trusts all that its key signs.'
        : undefined,
  },
  {
    id: 'constraints.names_on_leaf',
    severity: 'error',
    reference: rfc5280('4.2.1.10'),
    roles: leaf,
    advice: 'Issue it again without name constraints; they are for authorities.',
    check: ({ parsed }) =>
      parsed.decoded.nameConstraints ? 'It has name constraints without being an authority.' : undefined,
  },
  {
    id: 'purpose.intermediate_unlimited',
    severity: 'error',
    reference: br('7.1.2.10.6'),
    binds: 'public',
    roles: intermediate,
    since: '2019-01-01',
    advice: 'Ask the authority for a chain through an intermediate that is limited to TLS.',
    check: ({ parsed }) => {
      const purposes = parsed.decoded.extendedKeyUsage
      if (purposes && !purposes.includes(anyPurpose)) return undefined
      // A cross-signed root is made for every purpose of that root (section 7.1.2.2).
      return parsed.decoded.basicConstraints?.pathLength === undefined
        ? undefined
        : 'It is an intermediate that is not limited to certain purposes.'
    },
  },
]

/** Code signing, e-mail, time stamping, OCSP, precertificates (section 7.1.2.7.10). */
const forbiddenBeside = new Set([
  '1.3.6.1.5.5.7.3.3',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.8',
  '1.3.6.1.5.5.7.3.9',
  '1.3.6.1.4.1.11129.2.4.4',
])
