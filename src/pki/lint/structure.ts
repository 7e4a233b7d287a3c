import { bytesEqual } from '../asn1/der.ts'
import { extensionOids } from '../x509/extensions.ts'
import { all, type LintRule, rfc, rfc5280 } from './rule.ts'
import { extensionNames } from '../asn1/object-identifiers.ts'

/** Critical extensions that clients process; any other critical one makes them refuse the certificate. */
const processed = new Set<string>([
  extensionOids.keyUsage,
  extensionOids.subjectAltName,
  extensionOids.basicConstraints,
  extensionOids.nameConstraints,
  extensionOids.certificatePolicies,
  extensionOids.policyMappings,
  extensionOids.policyConstraints,
  extensionOids.extendedKeyUsage,
  extensionOids.inhibitAnyPolicy,
])
const poison = '1.3.6.1.4.1.11129.2.4.3'
const titleOf = (oid: string): string => extensionNames.get(oid) ?? oid

export const structureRules: LintRule[] = [
  {
    id: 'structure.malformed',
    severity: 'error',
    reference: rfc5280('4.2'),
    roles: all,
    advice: 'Issue it again with a tool that writes valid DER; most clients refuse to read it.',
    check: ({ parsed }) => (parsed.fault ? `It is malformed: ${parsed.fault}.` : undefined),
  },
  {
    id: 'structure.version',
    severity: 'error',
    reference: rfc5280('4.1.2.1'),
    roles: ['leaf', 'intermediate'],
    advice: 'Issue it again as version 3; older ones cannot name hosts.',
    check: ({ parsed: { version } }) =>
      version === 3 ? undefined : `It is of version ${version}; TLS needs version 3.`,
  },
  {
    id: 'structure.algorithms_differ',
    severity: 'error',
    reference: rfc5280('4.1.1.2'),
    roles: all,
    advice: 'Issue it again; every client refuses it.',
    check: ({ outerAlgorithm, parsed }) =>
      bytesEqual(outerAlgorithm.bytes, parsed.signatureAlgorithm.bytes)
        ? undefined
        : 'It names one signature algorithm inside and another outside.',
  },
  {
    id: 'structure.unique_identifier',
    severity: 'error',
    reference: rfc5280('4.1.2.8'),
    roles: all,
    advice: 'Issue it again without unique identifiers.',
    check: ({ hasUniqueIdentifier }) =>
      hasUniqueIdentifier ? 'It has a unique identifier, which no authority may issue.' : undefined,
  },
  {
    id: 'structure.unknown_critical',
    severity: 'error',
    reference: rfc5280('4.2'),
    roles: all,
    advice: 'Issue it again without that extension, or with it marked as not critical.',
    check: ({ extensions }) => {
      const unknown = extensions.find(
        ({ oid, critical }) => critical && !processed.has(oid) && oid !== poison,
      )
      return (
        unknown && `Its extension “${titleOf(unknown.oid)}” is critical, so clients refuse the certificate.`
      )
    },
  },
  {
    id: 'structure.precertificate',
    severity: 'error',
    reference: rfc(6962, '3.1'),
    roles: all,
    advice: 'Take the certificate itself from the authority; this one was only made for the logs.',
    check: ({ extension }) =>
      extension(poison) ? 'It is a precertificate, which no client takes as a certificate.' : undefined,
  },
  {
    id: 'structure.no_issuer',
    severity: 'error',
    reference: rfc5280('4.1.2.4'),
    roles: all,
    advice: 'Issue it again with the name of its issuer in it.',
    check: ({ parsed }) => (parsed.issuer.isEmpty ? 'It names no issuer.' : undefined),
  },
  {
    id: 'structure.no_subject',
    severity: 'error',
    reference: rfc5280('4.1.2.6'),
    roles: ['intermediate', 'root'],
    advice: 'Issue it again with a name of its own; what it signs could not name its issuer.',
    check: ({ parsed }) => (parsed.subject.isEmpty ? 'It is an authority without a name.' : undefined),
  },
]
