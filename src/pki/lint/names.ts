import { isIP } from 'node:net'
import punycode from 'punycode/punycode.js'
import { suffixKind } from '../../contract/text/public-suffix.ts'
import { shown } from '../asn1/strings.ts'
import { textsOf } from '../x509/general-names.ts'
import { isReservedAddress, reservedNameReason } from './reserved-names.ts'
import {
  all,
  askForAnother,
  br,
  error,
  leaf,
  notice,
  publicIssued,
  publicLeaf,
  rfc,
  rfc5280,
  warning,
  type LintRule,
  type LintSubject,
} from './rule.ts'

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i
const quoted = (name: string): string => `“${shown(name)}”`

const dnsNames = ({ parsed }: LintSubject): string[] => textsOf(parsed.decoded.subjectAltName).dns
const addresses = ({ parsed }: LintSubject): string[] => textsOf(parsed.decoded.subjectAltName).ip

type Fault = (name: string) => string | false | undefined

/** The first fault among names of one kind. */
const each =
  (namesOf: (subject: LintSubject) => string[]) =>
  (fault: Fault): LintRule['check'] =>
  (subject) =>
    namesOf(subject)
      .values()
      .map(fault)
      .find((found) => found)
const eachDnsName = each(dnsNames)
const eachAddress = each(addresses)

/** The second test covers top-level domains that are on no list. */
function isOverRegistry(name: string): boolean {
  if (name === '*') return true
  return (
    name.startsWith('*.') && (suffixKind(withoutWildcard(name)) === 'registry' || /^\*\.[^.*]+$/.test(name))
  )
}

const withoutWildcard = (name: string): string => name.replace(/^\*\./, '')

export const nameRules: LintRule[] = [
  error('names.san_missing', rfc(9525, '2'), leaf, {
    advice:
      'Issue it again with its host names as subject alternative names; no client looks at the common name.',
    check: ({ extension }) =>
      !extension('subjectAltName') && 'No subject alternative names; clients reject it for every host.',
  }),
  error('names.no_host', rfc(9525, '2'), leaf, {
    advice: 'Issue it again with at least one DNS name or IP address.',
    check: (subject) => {
      const names = subject.parsed.decoded.subjectAltName
      const none = names && dnsNames(subject).length === 0 && addresses(subject).length === 0
      return none && 'Its alternative names hold no host.'
    },
  }),
  error('names.malformed', rfc5280('4.2.1.6'), all, {
    advice: 'Issue it again with the name in its right form; clients skip this one.',
    check: eachDnsName(malformedName),
  }),
  error('names.underscore', br('7.1.2.7.12 (ballot SC12)'), publicLeaf, {
    advice: `Use a name without underscores. ${askForAnother}`,
    check: (subject) =>
      !mayHaveUnderscores(subject) &&
      eachDnsName((name) => name.includes('_') && `The name ${quoted(name)} has an underscore.`)(subject),
  }),
  error('names.wildcard_form', rfc(9525, '6.3'), all, {
    advice: 'Issue it again; “*.” stands for one whole label, and only in front.',
    check: eachDnsName(
      (name) =>
        withoutWildcard(name).includes('*') &&
        `The name ${quoted(name)} has a wildcard where none may be; no client takes it.`,
    ),
  }),
  error('names.wildcard_too_wide', br('3.2.2.6'), all, {
    advice: 'Issue it again with a domain of your own after the wildcard.',
    check: eachDnsName(
      (name) =>
        isOverRegistry(name) && `The wildcard ${quoted(name)} covers a whole registry; no client takes it.`,
    ),
  }),
  warning('names.wildcard_over_others', br('3.2.2.6'), publicLeaf, {
    advice: 'Unless this suffix is yours, issue it again with a domain of your own after the wildcard.',
    check: eachDnsName(
      (name) =>
        name.startsWith('*.') &&
        suffixKind(withoutWildcard(name)) === 'operator' &&
        `The wildcard ${quoted(name)} covers sites of others: whoever runs ${quoted(withoutWildcard(name))} gives the names under it away.`,
    ),
  }),
  error('names.reserved', br('7.1.2.7.12'), publicLeaf, {
    since: '2012-07-01',
    advice: 'Use a private authority for names that do not exist on the internet.',
    check: (subject) =>
      subject.parsed.notAfter > endOfInternalNames &&
      eachDnsName((name) => {
        const reason = reservedNameReason(withoutWildcard(name), subject.parsed.notBefore)
        return reason && `The name ${quoted(name)} ${reason}; no public authority may certify it.`
      })(subject),
  }),
  error('names.reverse_zone', br('4.2.2 (ballot SC-086v3)'), publicLeaf, {
    since: '2026-03-15',
    advice: 'Have it issued for a name of a site; addresses can be certified as addresses.',
    check: eachDnsName(
      (name) =>
        /\.(?:in-addr|ip6)\.arpa$/i.test(name) &&
        `The name ${quoted(name)} lies in a zone for reverse look-ups, which no public authority may certify.`,
    ),
  }),
  error('names.onion', br('appendix B'), publicLeaf, {
    since: '2015-05-01',
    advice: 'Have it issued for the whole address of the onion service, with 56 characters.',
    check: (subject) => eachDnsName((name) => onionFault(name, subject))(subject),
  }),
  error('names.reserved_address', br('7.1.2.7.12'), publicLeaf, {
    since: '2015-11-01',
    advice: 'Use a private authority for addresses of a local network.',
    check: eachAddress(
      (address) =>
        isReservedAddress(address) &&
        `The address ${address} is reserved; no public authority may certify it.`,
    ),
  }),
  error('names.address_as_name', rfc5280('4.2.1.6'), leaf, {
    advice: 'Issue it again with the address as an IP address; clients do not look for it among DNS names.',
    check: eachDnsName((name) => isIP(name) !== 0 && `The address ${shown(name)} is written as a DNS name.`),
  }),
  error('names.other_kinds', br('7.1.2.7.12'), publicIssued, {
    since: '2012-07-01',
    // An intermediate may have a directory name there, but no host beside it.
    check: ({ parsed: { decoded }, role }) =>
      (role === 'leaf' || textsOf(decoded.subjectAltName).dns.length > 0) &&
      (decoded.subjectAltName ?? []).some(({ kind }) => kind !== 'dns' && kind !== 'ip') &&
      'Among its alternative names is one that is neither a DNS name nor an IP address.',
  }),
  notice('names.duplicate', rfc5280('4.2.1.6'), leaf, {
    advice: 'It does no harm; leave one out next time.',
    check: (subject) => {
      const names = dnsNames(subject).map((name) => name.toLowerCase())
      const twice = names.find((name, index) => names.indexOf(name) !== index)
      return twice && `The name ${quoted(twice)} is listed twice.`
    },
  }),
  warning('names.san_critical', rfc5280('4.2.1.6'), leaf, {
    advice: 'Issue it again with the alternative names critical exactly where the subject is empty.',
    check: ({ extension, parsed }) => {
      const names = extension('subjectAltName')
      if (!names || names.critical === parsed.subject.isEmpty) return undefined
      return names.critical
        ? 'Its alternative names are critical although it has a subject.'
        : 'Its subject is empty, and then the alternative names have to be critical.'
    },
  }),
]

/** Underscores were allowed for less than 30 days, from ballot SC12 on until the end of April 2019. */
function mayHaveUnderscores({ parsed: { notBefore, notAfter } }: LintSubject): boolean {
  const isBetween = notBefore >= Date.parse('2018-12-10') && notBefore < Date.parse('2019-05-01')
  return isBetween && notAfter - notBefore < 30 * 86_400_000
}

/** Certificates with internal names had to end by this day (9.2.1 of version 1). */
const endOfInternalNames = Date.parse('2015-11-01')

/** Addresses of version 3 (rend-spec-v3); version 2 only under EV policies, and until its end. */
function onionFault(name: string, { parsed }: LintSubject): string | undefined {
  const [top, address = ''] = name.toLowerCase().split('.').toReversed()
  if (top !== 'onion' || /^[a-z2-7]{56}$/.test(address)) return undefined
  const policies = parsed.decoded.certificatePolicies?.map(({ oid }) => oid) ?? []
  const mayBeOld = parsed.notBefore < Date.parse('2021-10-15') && policies.length > 0
  return mayBeOld &&
    /^[a-z2-7]{16}$/.test(address) &&
    !policies.some((oid) => oid.startsWith('2.23.140.1.2.'))
    ? undefined
    : `The name ${quoted(name)} is not the address of an onion service.`
}

function malformedName(name: string): string | undefined {
  const fault = (what: string): string => `The name ${quoted(name)} ${what}.`
  if (isIP(name)) return undefined
  if (name === '') return 'One of its DNS names is empty.'
  if (name.length > 253) return fault('is longer than 253 characters')
  if (name.endsWith('.')) return fault('ends with a dot')
  const labels = withoutWildcard(name).split('.')
  for (const part of labels) {
    if (part === '') return fault('has an empty label')
    if (part.includes('*')) continue
    if (!label.test(part.replaceAll('_', 'x')))
      return fault(`has the label ${quoted(part)}, which no host name may have`)
    if (/^xn--/i.test(part) && !isPunycode(part))
      return fault(`has the label ${quoted(part)}, which is not a valid label in Punycode`)
  }
  return undefined
}

/**
 * Punycode of text in NFC (RFC 5891, section 4.2.1). Labels that IDNA forbids may be certified: the baseline
 * requirements ask for Punycode alone.
 */
function isPunycode(part: string): boolean {
  const encoded = part.toLowerCase().slice('xn--'.length)
  try {
    const text = punycode.decode(encoded)
    return text.normalize('NFC') === text && punycode.encode(text) === encoded
  } catch {
    return false
  }
}
