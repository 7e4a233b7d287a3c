import { keyUsageBits } from '../x509/extensions.ts'
import { ipText } from '../x509/general-names.ts'
import { meetsReserved } from './reserved-names.ts'
import {
  all,
  apple,
  askForAnother,
  authority,
  br,
  error,
  intermediate,
  issued,
  leaf,
  type LintRule,
  notice,
  privateLeaf,
  profilesDay,
  publicAll,
  publicAuthority,
  publicIntermediate,
  publicIssued,
  publicLeaf,
  publicRoots,
  rfc,
  rfc5280,
  warning,
} from './rule.ts'

const serverAuth = '1.3.6.1.5.5.7.3.1'
const clientAuth = '1.3.6.1.5.5.7.3.2'
const anyPurpose = '2.5.29.37.0'
const email = '1.3.6.1.5.5.7.3.4'

export const usageRules: LintRule[] = [
  error('purpose.server_auth_missing', br('7.1.2.7.10'), publicLeaf, {
    advice: 'Have it issued for TLS servers (extended key usage serverAuth).',
    check: ({ parsed }) =>
      !parsed.decoded.extendedKeyUsage?.includes(serverAuth) && 'It is not issued for TLS servers.',
  }),
  warning('purpose.not_for_servers', apple, privateLeaf, {
    since: '2019-07-02',
    advice: 'Issue it again with the extended key usage serverAuth.',
    check: ({ parsed }) => {
      const purposes = parsed.decoded.extendedKeyUsage
      if (purposes?.includes(serverAuth)) return undefined
      return purposes && !purposes.includes(anyPurpose)
        ? 'It is not issued for TLS servers, so clients refuse it there.'
        : 'It does not say that it is for TLS servers; Apple devices refuse it for that.'
    },
  }),
  error('purpose.any', br('7.1.2.7.10'), publicLeaf, {
    check: ({ parsed }) =>
      parsed.decoded.extendedKeyUsage?.includes(anyPurpose) &&
      'It is issued for any purpose, which a public certificate may not be.',
  }),
  error('purpose.mixed', br('7.1.2.7.10'), publicLeaf, {
    since: '2012-07-01',
    // Before the profiles, e-mail was allowed, and everything else only discouraged.
    check: ({ parsed }) =>
      parsed.decoded.extendedKeyUsage?.some(
        (oid) => forbiddenBeside.has(oid) && (oid !== email || parsed.notBefore >= Date.parse(profilesDay)),
      ) && 'It is issued for more than TLS (code signing, e-mail, time stamping or OCSP).',
  }),
  notice(
    'purpose.client_auth',
    'Chrome Root Program Policy 1.8, dedicated TLS server authentication',
    publicLeaf,
    {
      advice: 'Where you use it as a client certificate too, get that one from a private authority by then.',
      check: ({ parsed }) =>
        parsed.decoded.extendedKeyUsage?.includes(clientAuth) &&
        'It is for TLS clients too; certificates issued from 15 March 2027 on may not be, or Chrome refuses them.',
    },
  ),
  error('purpose.critical', br('7.1.2.7.6'), publicLeaf, {
    since: profilesDay,
    check: ({ extension }) =>
      extension('extendedKeyUsage')?.critical && 'Its extended key usage is critical.',
  }),
  error('purpose.root', br('7.1.2.1.2'), publicRoots, {
    since: '2012-07-01',
    check: ({ extension }) => extension('extendedKeyUsage') && 'It is a root with an extended key usage.',
  }),
  error('purpose.authority_mixed', br('7.1.2.10.6'), publicIntermediate, {
    since: '2020-08-20',
    check: ({ parsed }) => {
      const purposes = parsed.decoded.extendedKeyUsage ?? []
      const isForServers = purposes.includes(serverAuth) && purposes.some((oid) => forbiddenBeside.has(oid))
      return (
        (isForServers || (purposes.includes(anyPurpose) && purposes.length > 1)) &&
        'It is an intermediate for TLS and for other purposes at once.'
      )
    },
  }),
  error('purpose.intermediate_unlimited', 'Mozilla Root Store Policy, section 5.3', publicIntermediate, {
    since: '2019-01-02',
    advice: 'Ask the authority for a chain through an intermediate that is limited to TLS.',
    check: ({ parsed }) => {
      const purposes = parsed.decoded.extendedKeyUsage
      if (purposes && !purposes.includes(anyPurpose)) return undefined
      // A cross-signed root covers every purpose of that root (exception in the same section).
      return (
        parsed.decoded.basicConstraints?.pathLength !== undefined &&
        'It is an intermediate that is not limited to certain purposes.'
      )
    },
  }),
  error('usage.empty', rfc5280('4.2.1.3'), all, {
    advice: 'Issue it again with a key usage that says something, or without one.',
    check: ({ parsed }) => parsed.decoded.keyUsage?.size === 0 && 'Its key usage allows nothing at all.',
  }),
  error('usage.leaf_signs_certificates', rfc5280('4.2.1.3'), leaf, {
    advice: 'Issue it again without “certificate signing”.',
    check: ({ parsed }) =>
      parsed.decoded.keyUsage?.has(keyUsageBits.keyCertSign) &&
      !parsed.decoded.basicConstraints?.isCa &&
      'Its key may sign certificates although it is not an authority.',
  }),
  error('usage.no_signature', rfc(8446, '4.4.2.2'), leaf, {
    advice: 'Issue it again with the key usage “digital signature”.',
    check: ({ parsed }) => {
      const usage = parsed.decoded.keyUsage
      return (
        usage &&
        usage.size > 0 &&
        !usage.has(keyUsageBits.digitalSignature) &&
        'Its key may not sign, which TLS 1.3 and every modern cipher suite need.'
      )
    },
  }),
  warning('usage.encoding', 'RFC 5280, section 4.2.1.3 (DER of a named bit list)', all, {
    advice:
      'It does no harm to most clients; the next one should be written by a tool that writes valid DER.',
    check: ({ extension }) => {
      const [, length = 0, unused = 0, ...octets] = extension('keyUsage')?.value ?? []
      const last = octets.at(-1) ?? 0
      const isMinimal = last !== 0 && unused === 31 - Math.clz32(last & -last)
      return length > 1 && !isMinimal && 'Its key usage is written with bits at its end that mean nothing.'
    },
  }),
  warning('usage.not_for_key', 'RFC 3279, section 2.3.1, and RFC 5480, section 3', leaf, {
    advice: 'Issue it again with the key usage “digital signature”.',
    check: ({ parsed, facts }) =>
      [...(parsed.decoded.keyUsage ?? [])].some(
        (bit) => keyUsages.get(facts.publicKey.type)?.includes(bit) === false,
      ) && `Its key usage allows what a server's ${facts.publicKey.type} key is not for.`,
  }),
  notice('usage.purpose_inconsistent', rfc5280('4.2.1.12'), leaf, {
    advice: 'It does no harm to a site; the next one should have only the key usages that TLS needs.',
    check: ({ parsed: { decoded } }) => {
      const purposes = decoded.extendedKeyUsage?.map((oid) => purposeUsages.get(oid)) ?? []
      if (purposes.length === 0 || purposes.includes(undefined)) return undefined
      return (
        [...(decoded.keyUsage ?? [])].some((bit) => purposes.every((bits) => !bits?.includes(bit))) &&
        'Its key usage allows more than its extended key usages are consistent with.'
      )
    },
  }),
  error('usage.ec_enciphers', rfc(8813, '3'), publicLeaf, {
    since: '2020-08-01',
    check: ({ parsed, facts }) => {
      const usage = parsed.decoded.keyUsage
      const enciphers = usage?.has(keyUsageBits.keyEncipherment) || usage?.has(keyUsageBits.dataEncipherment)
      return (
        facts.publicKey.type === 'EC' &&
        enciphers &&
        'It allows an EC key to encipher keys or data, which such a key cannot do.'
      )
    },
  }),
  notice('usage.not_critical', rfc5280('4.2.1.3'), issued, {
    advice: 'It does no harm to a site; the next one should have it critical.',
    check: ({ extension }) => extension('keyUsage')?.critical === false && 'Its key usage is not critical.',
  }),
  error('usage.authority_without', rfc5280('4.2.1.3'), intermediate, {
    advice: 'Issue it again with the key usage “certificate signing”.',
    check: ({ extension }) => !extension('keyUsage') && 'It is an authority without a key usage.',
  }),
  error('usage.authority_does_not_sign', rfc5280('4.2.1.3'), authority, {
    advice: 'Issue it again with the key usage “certificate signing”; nothing it signs holds.',
    check: ({ parsed }) => {
      const usage = parsed.decoded.keyUsage
      return (
        usage &&
        !usage.has(keyUsageBits.keyCertSign) &&
        'It is an authority whose key may not sign certificates.'
      )
    },
  }),
  error('usage.authority_signs_no_lists', br('7.1.2.1.2 and 7.1.2.10.7'), publicAuthority, {
    since: '2012-07-01',
    check: ({ parsed: { decoded } }) =>
      decoded.keyUsage &&
      !decoded.keyUsage.has(keyUsageBits.crlSign) &&
      'It is an authority whose key may not sign revocation lists.',
  }),
  error('constraints.authority_not_critical', rfc5280('4.2.1.9'), intermediate, {
    advice: 'Issue it again with critical basic constraints.',
    check: ({ extension }) =>
      extension('basicConstraints')?.critical === false && 'Its basic constraints are not critical.',
  }),
  error('constraints.leaf_path_length', rfc5280('4.2.1.9'), all, {
    advice: 'Issue it again without a path length, or as an authority that may sign certificates.',
    check: ({ parsed: { decoded } }) =>
      decoded.basicConstraints?.pathLength !== undefined &&
      !(decoded.basicConstraints.isCa && decoded.keyUsage?.has(keyUsageBits.keyCertSign)) &&
      'pathLenConstraint is set, but the certificate is no CA that may sign certificates.',
  }),
  warning('constraints.authority_as_leaf', br('7.1.2.7.8'), leaf, {
    advice:
      'Issue it again as what it is, not as an authority (with OpenSSL: -addext basicConstraints=critical,CA:FALSE).',
    check: ({ parsed }) =>
      parsed.decoded.basicConstraints?.isCa &&
      'It names hosts and is an authority at once: whoever trusts it trusts all that its key signs.',
  }),
  warning('constraints.names_not_critical', rfc5280('4.2.1.10'), all, {
    advice: 'Issue it again with critical name constraints; a client that does not know them ignores these.',
    check: ({ extension }) =>
      extension('nameConstraints')?.critical === false && 'Its name constraints are not critical.',
  }),
  error('constraints.reserved_network', br('7.1.2.10.8'), publicAll, {
    since: '2012-07-01',
    check: ({ parsed }) => {
      const network = parsed.decoded.nameConstraints?.permitted.find(
        (name) => name.kind === 'ip' && meetsReserved(name.octets),
      )
      return (
        network?.kind === 'ip' && `It permits addresses of ${ipText(network.octets)}, which are reserved.`
      )
    },
  }),
  error('constraints.names_on_leaf', rfc5280('4.2.1.10'), leaf, {
    advice: 'Issue it again without name constraints; they are for authorities.',
    check: ({ parsed }) =>
      parsed.decoded.nameConstraints && 'It has name constraints without being an authority.',
  }),
  error('identifier.authority_missing', rfc5280('4.2.1.1'), issued, {
    advice:
      "Issue it again with its issuer's key identifier; clients need it where an issuer has several keys.",
    check: ({ extension, parsed }) =>
      !extension('authorityKeyIdentifier') && !parsed.isSelfIssued && "It does not name its issuer's key.",
  }),
  error('identifier.authority_without_key', rfc5280('4.2.1.1'), issued, {
    advice: "Issue it again with the issuer's key identifier, not only name and serial number.",
    check: ({ parsed }) => {
      const named = parsed.decoded.authorityKeyIdentifier
      return named && !named.keyIdentifier && "It names its issuer's key without its identifier."
    },
  }),
  error('identifier.subject_missing', rfc5280('4.2.1.2'), intermediate, {
    advice: 'Issue it again with a subject key identifier.',
    check: ({ extension }) =>
      !extension('subjectKeyIdentifier') && 'It is an authority without a key identifier of its own.',
  }),
  error('identifier.critical', rfc5280('4.2.1.1 and 4.2.1.2'), all, {
    check: ({ extension }) => {
      const names = ['authorityKeyIdentifier', 'subjectKeyIdentifier'] as const
      return names.some((name) => extension(name)?.critical) && 'A key identifier of it is critical.'
    },
  }),
  error('identifier.authority_by_serial', br('7.1.2.11.1'), publicIssued, {
    since: '2013-07-26',
    advice: `The certificate of the issuer may not be named by serial number, or no other could take its place. ${askForAnother}`,
    check: ({ parsed }) => {
      const { issuer, serial, keyIdentifier } = parsed.decoded.authorityKeyIdentifier ?? {}
      // Mozilla forbids both at once since version 2.2 of its policy, the profiles forbid the serial number.
      const isBound = keyIdentifier ?? parsed.notBefore >= Date.parse(profilesDay)
      return (issuer || serial) && isBound && "It names its issuer's certificate by name and serial number."
    },
  }),
]

/** Bits that a rule of their own judges (certificate signing, encipherment by EC keys) count as fitting. */
const keyUsages = new Map([
  ['RSA', [0, 1, 2, 3, 5]],
  ['EC', [0, 1, 2, 3, 4, 5, 7, 8]],
])

/** Bits of the key usage that are consistent with a purpose (RFC 5280, section 4.2.1.12). */
const purposeUsages = new Map([
  [serverAuth, [0, 2, 4]],
  [clientAuth, [0, 4]],
  ['1.3.6.1.5.5.7.3.3', [0]],
  [email, [0, 1, 2, 4]],
  ['1.3.6.1.5.5.7.3.8', [0, 1]],
  ['1.3.6.1.5.5.7.3.9', [0, 1]],
])

/** Code signing, e-mail, time stamping, OCSP, precertificates (section 7.1.2.7.10). */
const forbiddenBeside = new Set([
  '1.3.6.1.5.5.7.3.3',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.8',
  '1.3.6.1.5.5.7.3.9',
  '1.3.6.1.4.1.11129.2.4.4',
])
