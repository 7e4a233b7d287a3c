import { extensionOids } from '../x509/extensions.ts'
import { askForAnother, br, intermediate, leaf, type LintRule } from './rule.ts'
import type { LintSubject } from './subject.ts'

/** Validation levels by reserved policy (CA/Browser Forum, section 7.1.6.1). */
const reserved = new Map<string, string>(
  Object.entries({
    '2.23.140.1.2.1': 'DV',
    '2.23.140.1.2.2': 'OV',
    '2.23.140.1.2.3': 'IV',
    '2.23.140.1.1': 'EV',
  }),
)

function validations({ parsed }: LintSubject): string[] {
  return (parsed.decoded.certificatePolicies ?? []).flatMap((oid) => reserved.get(oid) ?? [])
}

function has({ parsed }: LintSubject, oid: string): boolean {
  return parsed.subject.rdns.flat().some((attribute) => attribute.oid === oid)
}

const organisation = '2.5.4.10'
const country = '2.5.4.6'

export const policyRules: LintRule[] = [
  {
    id: 'policy.missing',
    severity: 'error',
    reference: br('7.1.2.7.6 and 7.1.2.7.9'),
    binds: 'public',
    roles: leaf,
    since: '2020-09-30',
    advice: askForAnother,
    check: (subject) =>
      validations(subject).length === 0
        ? 'It does not say how its holder was validated (a policy of the CA/Browser Forum).'
        : undefined,
  },
  {
    id: 'policy.several',
    severity: 'error',
    reference: br('7.1.2.7.9'),
    binds: 'public',
    roles: leaf,
    since: '2023-09-15',
    advice: askForAnother,
    check: (subject) => {
      const found = validations(subject)
      return found.length > 1
        ? `It says that its holder was validated as ${found.join(' and ')}; one is allowed.`
        : undefined
    },
  },
  {
    id: 'policy.domain_with_organisation',
    severity: 'error',
    reference: br('7.1.2.7.2'),
    binds: 'public',
    roles: leaf,
    advice: askForAnother,
    check: (subject) =>
      validations(subject).join() === 'DV' && has(subject, organisation)
        ? 'It names an organisation although only the domain was validated.'
        : undefined,
  },
  {
    id: 'policy.organisation_missing',
    severity: 'error',
    reference: br('7.1.2.7.4 and 7.1.2.7.5'),
    binds: 'public',
    roles: leaf,
    advice: askForAnother,
    check: (subject) =>
      ['OV', 'EV'].includes(validations(subject).join()) &&
      !(has(subject, organisation) && has(subject, country))
        ? 'It says that an organisation was validated, but does not name it with its country.'
        : undefined,
  },
  {
    id: 'policy.authority_missing',
    severity: 'error',
    reference: br('7.1.2.6.1 and 7.1.2.10.5'),
    binds: 'public',
    roles: intermediate,
    since: '2012-07-01',
    advice: askForAnother,
    check: ({ extension }) =>
      extension(extensionOids.certificatePolicies) ? undefined : 'It is an intermediate without policies.',
  },
  {
    id: 'subject.authority_unnamed',
    severity: 'error',
    reference: br('7.1.2.10.2'),
    binds: 'public',
    roles: intermediate,
    since: '2012-07-01',
    advice: askForAnother,
    check: (subject) =>
      has(subject, organisation) && has(subject, country)
        ? undefined
        : 'It is an intermediate that does not name its organisation and country.',
  },
]
