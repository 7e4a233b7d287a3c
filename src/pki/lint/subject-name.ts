import { canonicalIp } from '../../domain/ip-address.ts'
import { shown } from '../asn1/strings.ts'
import { textsOf } from '../x509/general-names.ts'
import {
  askForAnother,
  br,
  error,
  issued,
  type LintRule,
  type LintSubject,
  privateLeaf,
  publicIntermediate,
  publicLeaf,
  rfc5280,
  warning,
} from './rule.ts'

const oids = { commonName: '2.5.4.3', country: '2.5.4.6', organisation: '2.5.4.10', unit: '2.5.4.11' }

function values({ parsed }: LintSubject, oid: string): string[] {
  return parsed.subject.rdns.flat().flatMap((attribute) => (attribute.oid === oid ? [attribute.text] : []))
}

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
  return (parsed.decoded.certificatePolicies ?? []).flatMap(({ oid }) => reserved.get(oid) ?? [])
}

function has({ parsed }: LintSubject, oid: string): boolean {
  return parsed.subject.rdns.flat().some((attribute) => attribute.oid === oid)
}

const organisation = '2.5.4.10'
const country = '2.5.4.6'

export const subjectRules: LintRule[] = [
  error('subject.common_name_not_listed', br('7.1.4.3'), publicLeaf, {
    since: '2012-07-01',
    advice: `The common name has to be one of the alternative names. ${askForAnother}`,
    check: (subject) => {
      const listed = listedHosts(subject)
      const stray = values(subject, oids.commonName).find((name) => !listed.has(comparable(name)))
      return stray !== undefined && `Its common name “${shown(stray)}” is not among its alternative names.`
    },
  }),
  warning('subject.common_name_only_private', 'RFC 9525, section 2', privateLeaf, {
    advice:
      'Issue it again with that name among the alternative names too, or nobody can reach the host by it.',
    check: (subject) => {
      const listed = listedHosts(subject)
      const stray = values(subject, oids.commonName).find(
        (name) => looksLikeHost(name) && !listed.has(comparable(name)),
      )
      return (
        stray !== undefined &&
        `Its common name “${shown(stray)}” looks like a host, but is not among its alternative names, where clients look.`
      )
    },
  }),
  warning('subject.several_common_names', br('7.1.4.1 and 7.1.4.3'), publicLeaf, {
    check: (subject) => {
      const { length } = values(subject, oids.commonName)
      return length > 1 && `It has ${length} common names; one is allowed.`
    },
  }),
  error('subject.common_name_too_long', rfc5280('appendix A.1'), issued, {
    advice: 'Issue it again with a shorter common name, or with none: the alternative names are what counts.',
    check: (subject) => {
      const long = values(subject, oids.commonName).find((name) => lengthOf(name) > 64)
      return long !== undefined && `Its common name has ${lengthOf(long)} characters; 64 are allowed.`
    },
  }),
  error('subject.country', rfc5280('appendix A.1'), issued, {
    advice: 'Issue it again with the two capital letters of ISO 3166-1 as country.',
    check: (subject) => {
      const odd = values(subject, oids.country).find((country) => !/^[A-Z]{2}$/.test(country))
      return odd !== undefined && `“${shown(odd)}” is not a country code of two capital letters.`
    },
  }),
  error('subject.organisational_unit', br('7.1.2.7.2 to 7.1.2.7.4 (ballot SC47)'), publicLeaf, {
    since: '2022-09-01',
    check: (subject) =>
      values(subject, oids.unit).length > 0 &&
      'It names an organisational unit, which public authorities may not certify any more.',
  }),
  error('subject.blank_value', br('7.1.2.7.3 to 7.1.2.7.5'), publicLeaf, {
    check: ({ parsed }) =>
      parsed.subject.rdns.flat().some(({ text }) => /^[-. ]*$/.test(text)) &&
      'A part of its subject is blank or only a placeholder.',
  }),
  error('policy.missing', br('7.1.2.7.6 and 7.1.2.7.9'), publicLeaf, {
    since: '2020-09-30',
    check: (subject) =>
      validations(subject).length === 0 &&
      'It does not say how its holder was validated (a policy of the CA/Browser Forum).',
  }),
  error('policy.several', br('7.1.2.7.9'), publicLeaf, {
    since: '2023-09-15',
    check: (subject) => {
      const found = validations(subject)
      return (
        found.length > 1 && `It says that its holder was validated as ${found.join(' and ')}; one is allowed.`
      )
    },
  }),
  error('policy.domain_with_organisation', br('7.1.2.7.2'), publicLeaf, {
    check: (subject) =>
      validations(subject).join() === 'DV' &&
      has(subject, organisation) &&
      'It names an organisation although only the domain was validated.',
  }),
  error('policy.organisation_missing', br('7.1.2.7.4 and 7.1.2.7.5'), publicLeaf, {
    check: (subject) =>
      ['OV', 'EV'].includes(validations(subject).join()) &&
      !(has(subject, organisation) && has(subject, country)) &&
      'It says that an organisation was validated, but does not name it with its country.',
  }),
  error('policy.authority_missing', br('7.1.2.6.1 and 7.1.2.10.5'), publicIntermediate, {
    since: '2012-07-01',
    check: ({ extension }) => !extension('certificatePolicies') && 'It is an intermediate without policies.',
  }),
  error('subject.authority_unnamed', br('7.1.2.10.2'), publicIntermediate, {
    since: '2012-07-01',
    check: (subject) =>
      !(has(subject, organisation) && has(subject, country)) &&
      'It is an intermediate that does not name its organisation and country.',
  }),
]

/** Length in code points, the unit of ASN.1 bounds. */
const lengthOf = (text: string): number => Array.from(text).length

function listedHosts({ parsed }: LintSubject): Set<string> {
  const { dns, ip } = textsOf(parsed.decoded.subjectAltName)
  return new Set([...dns, ...ip].map(comparable))
}

const comparable = (host: string): string => canonicalIp(host) ?? host.toLowerCase()
const looksLikeHost = (name: string): boolean => /^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/i.test(name)
