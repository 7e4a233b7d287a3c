import { rfc5280, type Breach } from './breach.ts'
import { commonNameOid, emailAddressOid, isWithin } from '../x509/distinguished-name.ts'
import { shown } from '../asn1/strings.ts'
import { rfc4514 } from '../facts/format-name.ts'
import { dnsLabels, ipText, isHostConstraint, type GeneralName } from '../x509/general-names.ts'
import type { Certificate } from '../x509/certificate.ts'
import type { Budget } from './question.ts'
import type { NameConstraints } from '../x509/extension-contents.ts'

const reference = rfc5280('4.2.1.10')
const endsInNumber = /(^|\.)\d+$/

/**
 * Checks the names of the certificates `below` (leaf first) against the constraints of `issuer`. Self-issued
 * intermediates are exempt (RFC 5280, section 6.1.3 (b)).
 */
export function constraintBreach(
  issuer: Certificate,
  below: Certificate[],
  budget: Budget,
): Breach | undefined {
  const constraints = issuer.decoded.nameConstraints
  if (!constraints) return undefined
  for (const [index, certificate] of below.entries()) {
    if (index > 0 && certificate.isSelfIssued) continue
    const fault = faultInNames(namesOf(certificate, index === 0), constraints, budget)
    if (fault === exhausted) return { code: 'too_many_names', message: tooMany(issuer), index, reference }
    if (fault)
      return {
        code: 'name_not_permitted',
        message: `“${issuer.title}” may not issue for ${fault}.`,
        index,
        reference,
      }
  }
  return undefined
}

const exhausted = Symbol('exhausted')
const tooMany = (issuer: Certificate): string =>
  `The name constraints of “${issuer.title}” apply to too many names, so the check was stopped.`

/**
 * Every constrained name (section 4.2.1.10): the alternative names, the subject and the e-mail addresses in it.
 * Older clients take the common names of a `leaf` without DNS names for hosts, so these count as well.
 */
function namesOf({ subject, decoded }: Certificate, isLeaf: boolean): GeneralName[] {
  const alternative = decoded.subjectAltName ?? []
  const hasHosts = alternative.some(({ kind }) => kind === 'dns')
  const inSubject = subject.rdns.flat().flatMap(({ oid, text }): GeneralName[] => {
    if (oid === emailAddressOid) return [{ kind: 'email', text }]
    return isLeaf && !hasHosts && oid === commonNameOid && isHost(text) ? [{ kind: 'dns', text }] : []
  })
  return [
    ...alternative,
    ...(subject.isEmpty ? [] : [{ kind: 'directory', name: subject } as const]),
    ...inSubject,
  ]
}

/** At least two labels, and no IP address. */
function isHost(text: string): boolean {
  const host = text.replace(/^\*\./, '')
  return host.includes('.') && dnsLabels.test(host) && !endsInNumber.test(host)
}

function faultInNames(
  names: GeneralName[],
  constraints: NameConstraints,
  budget: Budget,
): string | typeof exhausted | undefined {
  for (const name of names) {
    const permitted = constraints.permitted.filter((base) => sameForm(base, name))
    const excluded = constraints.excluded.filter((base) => sameForm(base, name))
    budget.nameComparisons -= permitted.length + excluded.length
    if (budget.nameComparisons < 0) return exhausted
    if (!isAllowed(name, permitted, excluded)) return formatGeneralName(name)
  }
  return undefined
}

function sameForm(base: GeneralName, name: GeneralName): boolean {
  if (base.kind === 'other') return name.kind === 'other' && base.element.tag === name.element.tag
  return base.kind === name.kind
}

function isAllowed(name: GeneralName, permitted: GeneralName[], excluded: GeneralName[]): boolean {
  if (permitted.length + excluded.length === 0) return true
  // An unreadable name or constraint could mean anything, so it breaks the rule.
  if (name.kind === 'other' || !isComparable(name) || [...permitted, ...excluded].some(isUnclear))
    return false
  if (excluded.some((base) => touches(name, base))) return false
  return permitted.length === 0 || permitted.some((base) => lies(name, base))
}

function isComparable(name: GeneralName): boolean {
  if (name.kind === 'dns') return dnsLabels.test(name.text.replace(/^\*\./, ''))
  if (name.kind === 'email') return splitMailbox(name.text) !== undefined
  if (name.kind === 'uri') return uriHost(name.text) !== undefined
  return true
}

function isUnclear(base: GeneralName): boolean {
  if (base.kind === 'email' && base.text.includes('@')) return splitMailbox(base.text) === undefined
  return (base.kind === 'uri' || base.kind === 'email') && !isHostConstraint(base.text)
}

/** Whether everything that `name` matches is in the subtree of `base`. */
function lies(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === 'dns' && base.kind === 'dns') return dnsWithin(name.text, base.text)
  if (name.kind === 'uri' && base.kind === 'uri') return hostMatches(uriHost(name.text) ?? '', base.text)
  if (name.kind === 'email' && base.kind === 'email') return emailWithin(name.text, base.text)
  if (name.kind === 'ip' && base.kind === 'ip') return ipWithin(name.octets, base.octets)
  return name.kind === 'directory' && base.kind === 'directory' && isWithin(name.name, base.name)
}

/**
 * Whether anything that `name` matches is in the subtree of `base`: `*.a.test` touches `b.a.test`
 * (CVE-2025-61727).
 */
function touches(name: GeneralName, base: GeneralName): boolean {
  if (lies(name, base)) return true
  if (name.kind !== 'dns' || base.kind !== 'dns' || !name.text.startsWith('*.')) return false
  const [label = '', ...parent] = base.text.split('.')
  return label !== '' && parent.join('.').toLowerCase() === name.text.slice(2).toLowerCase()
}

/**
 * Zero or more labels in front of `base`; at least one if `base` starts with a dot, as many CAs write it. A
 * wildcard has that label.
 */
function dnsWithin(name: string, base: string): boolean {
  const [host, tree] = [name.toLowerCase(), base.toLowerCase()]
  if (tree === '') return true
  return tree.startsWith('.') ? host.endsWith(tree) : host === tree || host.endsWith(`.${tree}`)
}

/** Hosts of URIs and mailboxes: a leading dot matches any host beneath, otherwise only that host. */
function hostMatches(host: string, base: string): boolean {
  const [own, tree] = [host.toLowerCase(), base.toLowerCase()]
  return tree.startsWith('.') ? own.endsWith(tree) : own === tree
}

/** The local part of a Mailbox (RFC 5321, section 4.1.2): a dot-string or a quoted string. */
const localPart = /^(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*|"(?:[^"\\]|\\.)*")$/i

function splitMailbox(text: string): { local: string; host: string } | undefined {
  const at = text.lastIndexOf('@')
  const [local, host] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)]
  return localPart.test(local) && dnsLabels.test(host) ? { local, host } : undefined
}

/** The local part is case-sensitive, the host is not (RFC 5280, section 7.5). */
function emailWithin(text: string, base: string): boolean {
  const mailbox = splitMailbox(text)
  if (!mailbox) return false
  const only = splitMailbox(base)
  if (only) return only.local === mailbox.local && only.host.toLowerCase() === mailbox.host.toLowerCase()
  return base === '' || hostMatches(mailbox.host, base)
}

/** The host of a URI; undefined if it has none or is an address, which URI constraints cannot match. */
function uriHost(text: string): string | undefined {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:[\]]+)(?::\d*)?(?:[/?#]|$)/i.exec(text)?.[1]
  return host !== undefined && dnsLabels.test(host) && !endsInNumber.test(host) ? host : undefined
}

function ipWithin(address: Uint8Array, network: Uint8Array): boolean {
  if (network.length !== address.length * 2) return false
  return address.every((octet, index) => {
    const mask = network[address.length + index] ?? 0
    return (octet & mask) === ((network[index] ?? 0) & mask)
  })
}

function formatGeneralName(name: GeneralName): string {
  switch (name.kind) {
    case 'directory':
      return `the name ${shown(rfc4514(name.name))}`
    case 'ip':
      return ipText(name.octets)
    case 'other':
      return 'a name of a kind that is not known here'
    default:
      return shown(name.text)
  }
}
