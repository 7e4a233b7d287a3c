import { canonicalIp } from '../../domain/ip-address.ts'
import { shown } from '../asn1/strings.ts'
import { ipText } from '../x509/general-names.ts'
import { askForAnother, br, issued, leaf, type LintRule, rfc5280 } from './rule.ts'
import type { LintSubject } from './subject.ts'

const oids = { commonName: '2.5.4.3', country: '2.5.4.6', organisation: '2.5.4.10', unit: '2.5.4.11' }

function values({ parsed }: LintSubject, oid: string): string[] {
  return parsed.subject.rdns.flat().flatMap((attribute) => (attribute.oid === oid ? [attribute.text] : []))
}

export const subjectRules: LintRule[] = [
  {
    id: 'subject.common_name_not_listed',
    severity: 'error',
    reference: br('7.1.4.3'),
    binds: 'public',
    roles: leaf,
    since: '2012-07-01',
    advice: `The common name has to be one of the alternative names. ${askForAnother}`,
    check: (subject) => {
      const listed = listedHosts(subject)
      const stray = values(subject, oids.commonName).find((name) => !listed.has(comparable(name)))
      return stray === undefined
        ? undefined
        : `Its common name “${shown(stray)}” is not among its alternative names.`
    },
  },
  {
    id: 'subject.common_name_only_private',
    severity: 'warning',
    reference: 'RFC 9525, section 2',
    binds: 'private',
    roles: leaf,
    advice:
      'Issue it again with that name among the alternative names too, or nobody can reach the host by it.',
    check: (subject) => {
      const listed = listedHosts(subject)
      const stray = values(subject, oids.commonName).find(
        (name) => looksLikeHost(name) && !listed.has(comparable(name)),
      )
      return stray === undefined
        ? undefined
        : `Its common name “${shown(stray)}” looks like a host, but is not among its alternative names, where clients look.`
    },
  },
  {
    id: 'subject.several_common_names',
    severity: 'warning',
    reference: br('7.1.4.1 and 7.1.4.3'),
    binds: 'public',
    roles: leaf,
    advice: askForAnother,
    check: (subject) => {
      const { length } = values(subject, oids.commonName)
      return length > 1 ? `It has ${length} common names; one is allowed.` : undefined
    },
  },
  {
    id: 'subject.common_name_too_long',
    severity: 'error',
    reference: rfc5280('appendix A.1'),
    roles: issued,
    advice: 'Issue it again with a shorter common name, or with none: the alternative names are what counts.',
    check: (subject) => {
      const long = values(subject, oids.commonName).find((name) => lengthOf(name) > 64)
      return long === undefined
        ? undefined
        : `Its common name has ${lengthOf(long)} characters; 64 are allowed.`
    },
  },
  {
    id: 'subject.country',
    severity: 'error',
    reference: rfc5280('appendix A.1'),
    roles: issued,
    advice: 'Issue it again with the two capital letters of ISO 3166-1 as country.',
    check: (subject) => {
      const odd = values(subject, oids.country).find((country) => !/^[A-Z]{2}$/.test(country))
      return odd === undefined ? undefined : `“${shown(odd)}” is not a country code of two capital letters.`
    },
  },
  {
    id: 'subject.organisational_unit',
    severity: 'error',
    reference: br('7.1.2.7.2 to 7.1.2.7.4 (ballot SC47)'),
    binds: 'public',
    roles: leaf,
    since: '2022-09-01',
    advice: askForAnother,
    check: (subject) =>
      values(subject, oids.unit).length > 0
        ? 'It names an organisational unit, which public authorities may not certify any more.'
        : undefined,
  },
  {
    id: 'subject.blank_value',
    severity: 'error',
    reference: br('7.1.2.7.3 to 7.1.2.7.5'),
    binds: 'public',
    roles: leaf,
    advice: askForAnother,
    check: ({ parsed }) =>
      parsed.subject.rdns.flat().some(({ text }) => /^[-. ]*$/.test(text))
        ? 'A part of its subject is blank or only a placeholder.'
        : undefined,
  },
]

/** Length in code points, the unit of ASN.1 bounds. */
const lengthOf = (text: string): number => Array.from(text).length

function listedHosts({ parsed }: LintSubject): Set<string> {
  const names = parsed.decoded.subjectAltName ?? []
  const hosts = names.flatMap((name) =>
    name.kind === 'dns' ? [name.text] : name.kind === 'ip' ? [ipText(name.octets)] : [],
  )
  return new Set(hosts.map(comparable))
}

const comparable = (host: string): string => canonicalIp(host) ?? host.toLowerCase()
const looksLikeHost = (name: string): boolean => /^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/i.test(name)
