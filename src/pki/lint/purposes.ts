import { askForAnother, br, intermediate, leaf, type LintRule } from './rule.ts'

const serverAuth = '1.3.6.1.5.5.7.3.1'
const clientAuth = '1.3.6.1.5.5.7.3.2'
const anyPurpose = '2.5.29.37.0'

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
    since: '2019-07-02',
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
    id: 'purpose.intermediate_unlimited',
    severity: 'error',
    reference: 'Mozilla Root Store Policy, section 5.3',
    binds: 'public',
    roles: intermediate,
    since: '2019-01-02',
    advice: 'Ask the authority for a chain through an intermediate that is limited to TLS.',
    check: ({ parsed }) => {
      const purposes = parsed.decoded.extendedKeyUsage
      if (purposes && !purposes.includes(anyPurpose)) return undefined
      // A cross-signed root covers every purpose of that root (exception in the same section).
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
