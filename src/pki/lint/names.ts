import { isIP } from 'node:net'
import { domainToASCII, domainToUnicode } from 'node:url'
import { suffixKind } from '../../contract/text/public-suffix.ts'
import { extensionOids } from '../x509/extensions.ts'
import { shown } from '../asn1/strings.ts'
import { ipText } from '../x509/general-names.ts'
import { isReservedAddress, reservedNameReason } from './reserved-names.ts'
import { askForAnother, br, leaf, type LintRule, rfc, rfc5280 } from './rule.ts'
import type { LintSubject } from './subject.ts'

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i
const quoted = (name: string): string => `“${shown(name)}”`

function dnsNames({ parsed }: LintSubject): string[] {
  return (parsed.decoded.subjectAltName ?? []).flatMap((name) => (name.kind === 'dns' ? [name.text] : []))
}

function addresses({ parsed }: LintSubject): string[] {
  return (parsed.decoded.subjectAltName ?? []).flatMap((name) =>
    name.kind === 'ip' ? [ipText(name.octets)] : [],
  )
}

function about(names: string[], fault: (name: string) => string | undefined): string | undefined {
  for (const name of names) {
    const found = fault(name)
    if (found) return found
  }
  return undefined
}

/** The second test covers top-level domains that are on no list. */
function isOverRegistry(name: string): boolean {
  return (
    name.startsWith('*.') && (suffixKind(withoutWildcard(name)) === 'registry' || /^\*\.[^.*]+$/.test(name))
  )
}

const withoutWildcard = (name: string): string => name.replace(/^\*\./, '')

export const nameRules: LintRule[] = [
  {
    id: 'names.san_missing',
    severity: 'error',
    reference: rfc(9525, '2'),
    roles: leaf,
    advice:
      'Issue it again with its host names as subject alternative names; no client looks at the common name.',
    check: ({ extension }) =>
      extension(extensionOids.subjectAltName)
        ? undefined
        : 'It has no subject alternative names, so no client finds any host in it.',
  },
  {
    id: 'names.no_host',
    severity: 'error',
    reference: rfc(9525, '2'),
    roles: leaf,
    advice: 'Issue it again with at least one DNS name or IP address.',
    check: (subject) => {
      const names = subject.parsed.decoded.subjectAltName
      const none = names && dnsNames(subject).length === 0 && addresses(subject).length === 0
      return none ? 'Its alternative names hold no host.' : undefined
    },
  },
  {
    id: 'names.malformed',
    severity: 'error',
    reference: rfc5280('4.2.1.6'),
    roles: leaf,
    advice: 'Issue it again with the name in its right form; clients skip this one.',
    check: (subject) => about(dnsNames(subject), malformedName),
  },
  {
    id: 'names.underscore',
    severity: 'error',
    reference: br('7.1.2.7.12 (ballot SC12)'),
    binds: 'public',
    roles: leaf,
    since: '2019-05-01',
    advice: `Use a name without underscores. ${askForAnother}`,
    check: (subject) =>
      about(dnsNames(subject), (name) =>
        name.includes('_') ? `The name ${quoted(name)} has an underscore.` : undefined,
      ),
  },
  {
    id: 'names.wildcard_form',
    severity: 'error',
    reference: rfc(9525, '6.3'),
    roles: leaf,
    advice: 'Issue it again; “*.” stands for one whole label, and only in front.',
    check: (subject) =>
      about(dnsNames(subject), (name) =>
        withoutWildcard(name).includes('*')
          ? `The name ${quoted(name)} has a wildcard where none may be; no client takes it.`
          : undefined,
      ),
  },
  {
    id: 'names.wildcard_too_wide',
    severity: 'error',
    reference: br('3.2.2.6'),
    roles: leaf,
    advice: 'Issue it again with a domain of your own after the wildcard.',
    check: (subject) =>
      about(dnsNames(subject), (name) =>
        isOverRegistry(name)
          ? `The wildcard ${quoted(name)} covers a whole registry; no client takes it.`
          : undefined,
      ),
  },
  {
    id: 'names.wildcard_over_others',
    severity: 'warning',
    reference: br('3.2.2.6'),
    binds: 'public',
    roles: leaf,
    advice: 'Unless this suffix is yours, issue it again with a domain of your own after the wildcard.',
    check: (subject) =>
      about(dnsNames(subject), (name) =>
        name.startsWith('*.') && suffixKind(withoutWildcard(name)) === 'operator'
          ? `The wildcard ${quoted(name)} covers sites of others: whoever runs ${quoted(withoutWildcard(name))} gives the names under it away.`
          : undefined,
      ),
  },
  {
    id: 'names.reserved',
    severity: 'error',
    reference: br('7.1.2.7.12'),
    binds: 'public',
    roles: leaf,
    since: '2015-11-01',
    advice: 'Use a private authority for names that do not exist on the internet.',
    check: (subject) =>
      about(dnsNames(subject), (name) => {
        const reason = reservedNameReason(withoutWildcard(name))
        return reason && `The name ${quoted(name)} ${reason}; no public authority may certify it.`
      }),
  },
  {
    id: 'names.reserved_address',
    severity: 'error',
    reference: br('7.1.2.7.12'),
    binds: 'public',
    roles: leaf,
    since: '2015-11-01',
    advice: 'Use a private authority for addresses of a local network.',
    check: (subject) =>
      about(addresses(subject), (address) =>
        isReservedAddress(address)
          ? `The address ${address} is reserved; no public authority may certify it.`
          : undefined,
      ),
  },
  {
    id: 'names.address_as_name',
    severity: 'error',
    reference: rfc5280('4.2.1.6'),
    roles: leaf,
    advice: 'Issue it again with the address as an IP address; clients do not look for it among DNS names.',
    check: (subject) =>
      about(dnsNames(subject), (name) =>
        isIP(name) ? `The address ${shown(name)} is written as a DNS name.` : undefined,
      ),
  },
  {
    id: 'names.other_kinds',
    severity: 'error',
    reference: br('7.1.2.7.12'),
    binds: 'public',
    roles: leaf,
    since: '2012-07-01',
    advice: askForAnother,
    check: ({ parsed }) =>
      (parsed.decoded.subjectAltName ?? []).some(({ kind }) => kind !== 'dns' && kind !== 'ip')
        ? 'Among its alternative names is one that is neither a DNS name nor an IP address.'
        : undefined,
  },
  {
    id: 'names.duplicate',
    severity: 'notice',
    reference: rfc5280('4.2.1.6'),
    roles: leaf,
    advice: 'It does no harm; leave one out next time.',
    check: (subject) => {
      const names = dnsNames(subject).map((name) => name.toLowerCase())
      const twice = names.find((name, index) => names.indexOf(name) !== index)
      return twice && `The name ${quoted(twice)} is listed twice.`
    },
  },
  {
    id: 'names.san_critical',
    severity: 'warning',
    reference: rfc5280('4.2.1.6'),
    roles: leaf,
    advice: 'Issue it again with the alternative names critical exactly where the subject is empty.',
    check: ({ extension, parsed }) => {
      const names = extension(extensionOids.subjectAltName)
      if (!names || names.critical === parsed.subject.isEmpty) return undefined
      return names.critical
        ? 'Its alternative names are critical although it has a subject.'
        : 'Its subject is empty, and then the alternative names have to be critical.'
    },
  },
]

function malformedName(name: string): string | undefined {
  const say = (what: string): string => `The name ${quoted(name)} ${what}.`
  if (isIP(name)) return undefined
  if (name === '') return 'One of its DNS names is empty.'
  if (name.length > 253) return say('is longer than 253 characters')
  if (name.endsWith('.')) return say('ends with a dot')
  const labels = withoutWildcard(name).split('.')
  for (const part of labels) {
    if (part === '') return say('has an empty label')
    if (part.includes('*')) continue
    if (!label.test(part.replaceAll('_', 'x')))
      return say(`has the label ${quoted(part)}, which no host name may have`)
    if (/^xn--/i.test(part) && !isALabel(part))
      return say(`has the label ${quoted(part)}, which is not valid Punycode`)
  }
  return undefined
}

/** RFC 5890, section 2.3.2.1. */
function isALabel(part: string): boolean {
  const unicode = domainToUnicode(part.toLowerCase())
  return unicode !== '' && domainToASCII(unicode) === part.toLowerCase()
}
