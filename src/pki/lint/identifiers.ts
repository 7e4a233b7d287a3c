import { extensionOids } from '../x509/extensions.ts'
import { all, askForAnother, br, intermediate, issued, type LintRule, rfc5280 } from './rule.ts'

export const identifierRules: LintRule[] = [
  {
    id: 'identifier.authority_missing',
    severity: 'error',
    reference: rfc5280('4.2.1.1'),
    roles: issued,
    advice:
      "Issue it again with its issuer's key identifier; clients need it where an issuer has several keys.",
    check: ({ extension, parsed }) => {
      if (extension(extensionOids.authorityKeyIdentifier) || parsed.isSelfIssued) return undefined
      return "It does not name its issuer's key."
    },
  },
  {
    id: 'identifier.authority_without_key',
    severity: 'error',
    reference: rfc5280('4.2.1.1'),
    roles: issued,
    advice: "Issue it again with the issuer's key identifier, not only name and serial number.",
    check: ({ parsed }) => {
      const named = parsed.decoded.authorityKeyIdentifier
      return named && !named.keyIdentifier ? "It names its issuer's key without its identifier." : undefined
    },
  },
  {
    id: 'identifier.subject_missing',
    severity: 'error',
    reference: rfc5280('4.2.1.2'),
    roles: intermediate,
    advice: 'Issue it again with a subject key identifier.',
    check: ({ extension }) =>
      extension(extensionOids.subjectKeyIdentifier)
        ? undefined
        : 'It is an authority without a key identifier of its own.',
  },
  {
    id: 'identifier.critical',
    severity: 'error',
    reference: rfc5280('4.2.1.1 and 4.2.1.2'),
    roles: all,
    advice: askForAnother,
    check: ({ extension }) => {
      const oids = [extensionOids.authorityKeyIdentifier, extensionOids.subjectKeyIdentifier]
      return oids.some((oid) => extension(oid)?.critical) ? 'A key identifier of it is critical.' : undefined
    },
  },
  {
    id: 'identifier.authority_by_serial',
    severity: 'error',
    reference: br('7.1.2.11.1'),
    binds: 'public',
    roles: issued,
    since: '2023-09-15',
    advice: `The certificate of the issuer may not be named by serial number, or no other could take its place. ${askForAnother}`,
    check: ({ extension, facts }) => {
      if (!extension(extensionOids.authorityKeyIdentifier)) return undefined
      const lines =
        facts.extensions.find(({ oid }) => oid === extensionOids.authorityKeyIdentifier)?.words ?? []
      return lines.some((word) => /^(issuer|serial) /.test(word))
        ? "It names its issuer's certificate by name and serial number."
        : undefined
    },
  },
]
