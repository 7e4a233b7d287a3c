import { bytesEqual } from '../asn1/der.ts'
import { extensionNames } from '../asn1/object-identifiers.ts'
import { extensionOids } from '../x509/extensions.ts'
import { all, authority, br, error, issued, type LintRule, publicIssued, rfc, rfc5280 } from './rule.ts'

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
const titleOf = (oid: string): string => extensionNames.get(oid) ?? oid

export const structureRules: LintRule[] = [
  error('structure.malformed', rfc5280('4.2'), all, {
    advice: 'Issue it again with a tool that writes valid DER; most clients refuse to read it.',
    check: ({ parsed }) =>
      parsed.fault &&
      `It is malformed: ${parsed.fault}.`.replace('It is malformed: its extension', 'Its extension'),
  }),
  error('structure.version', rfc5280('4.1.2.1'), all, {
    advice: 'Issue it again as version 3; older ones cannot name hosts.',
    check: ({ role, parsed: { version, extensions } }) =>
      version !== 3 &&
      (role !== 'root' || extensions.length > 0) &&
      `It is of version ${version}; TLS and extensions need version 3.`,
  }),
  error('structure.algorithms_differ', rfc5280('4.1.1.2'), all, {
    advice: 'Issue it again; every client refuses it.',
    check: ({ parsed }) =>
      !bytesEqual(parsed.outerAlgorithm.bytes, parsed.signatureAlgorithm.bytes) &&
      'It names one signature algorithm inside and another outside.',
  }),
  error('structure.unique_identifier', rfc5280('4.1.2.8'), all, {
    advice: 'Issue it again without unique identifiers.',
    check: ({ parsed }) =>
      parsed.hasUniqueIdentifier && 'It has a unique identifier, which no authority may issue.',
  }),
  error('structure.unknown_critical', rfc5280('4.2'), all, {
    advice: 'Issue it again without that extension, or with it marked as not critical.',
    check: ({ parsed }) => {
      const unknown = parsed.extensions.find(
        ({ oid, critical }) => critical && !processed.has(oid) && oid !== extensionOids.poison,
      )
      return (
        unknown && `Its extension “${titleOf(unknown.oid)}” is critical, so clients refuse the certificate.`
      )
    },
  }),
  error('structure.precertificate', rfc(6962, '3.1'), all, {
    advice: 'Take the certificate itself from the authority; this one was only made for the logs.',
    check: ({ extension }) =>
      extension('poison') && 'It is a precertificate, which no client takes as a certificate.',
  }),
  error('structure.precertificate_with_timestamps', rfc(6962, '3.1'), all, {
    check: ({ extension }) =>
      extension('poison') &&
      extension('timestamps') &&
      'It is a precertificate with timestamps, which only the final certificate can have.',
  }),
  error('structure.no_issuer', rfc5280('4.1.2.4'), all, {
    advice: 'Issue it again with the name of its issuer in it.',
    check: ({ parsed }) => parsed.issuer.isEmpty && 'It names no issuer.',
  }),
  error('structure.no_subject', rfc5280('4.1.2.6'), authority, {
    advice: 'Issue it again with a name of its own; what it signs could not name its issuer.',
    check: ({ parsed }) => parsed.subject.isEmpty && 'The CA certificate has an empty subject.',
  }),
  error('serial.zero', rfc5280('4.1.2.2'), issued, {
    advice: 'Issue it again with a random serial number.',
    check: ({ parsed }) => parsed.serial.every((octet) => octet === 0) && 'Its serial number is zero.',
  }),
  error('serial.negative', rfc5280('4.1.2.2'), all, {
    advice: 'Issue it again with a positive serial number.',
    check: ({ parsed }) => (parsed.serial[0] ?? 0) >= 0x80 && 'Its serial number is negative.',
  }),
  error('serial.too_long', rfc5280('4.1.2.2'), all, {
    advice: 'Issue it again with a serial number of at most 20 octets.',
    check: ({ parsed: { serial } }) =>
      serial.length > 20 && `Its serial number has ${serial.length} octets; at most 20 are allowed.`,
  }),
  error('serial.low_entropy', br('7.1.2.7'), publicIssued, {
    since: '2016-09-30',
    check: ({ parsed: { serial } }) =>
      serial.length < 8 &&
      `Its serial number has ${serial.length * 8} bits at most; 64 random ones are needed, so that nobody can foresee it.`,
  }),
]
