import { domainToASCII, domainToUnicode } from 'node:url'
import type { Answer } from '../../contract/inspect/certificate-facts.ts'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { coveringName, type HostNames } from '../../domain/covered-names.ts'
import { domainFault, longestDomain } from '../../domain/domain-fault.ts'
import { canonicalIp } from '../../domain/ip-address.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { shown } from '../asn1/strings.ts'

const longestLabel = 63

/**
 * Normalises a domain: lower case, A-labels, no trailing dot, `*.` kept in front.
 * @throws `domain.invalid` with the reason (RFC 1123, section 2.1; RFC 5890; RFC 9525, section 6.3)
 */
export function normaliseDomain(input: string): string {
  const name = input.trim()
  const refuse = (reason: string): never => {
    throw new EdgekeepError('domain.invalid', { name: echoOf(name), reason })
  }
  const writingFault = domainFault(name)
  if (writingFault) refuse(writingFault)
  const wildcard = name.startsWith('*.')
  const ascii = toAscii(wildcard ? name.slice(2) : name)
  if (ascii === undefined) return refuse('it holds characters that no domain may have')
  const domain = (wildcard ? '*.' : '') + ascii
  const fault =
    faultInLabels(ascii) ??
    (domain.length > longestDomain ? `it is longer than ${longestDomain} characters` : undefined)
  return fault ? refuse(fault) : domain
}

/** Wildcard that covers `domain` (RFC 9525, section 6.3). */
export function wildcardOver(domain: string): string {
  return `*${domain.slice(domain.indexOf('.'))}`
}

/**
 * IDNA to A-labels. Names that `domainToASCII` leaves unchanged (`%41`) or reads as a number are refused
 * elsewhere.
 */
function toAscii(name: string): string | undefined {
  if (/[^a-z0-9.\u0080-\uffff-]/i.test(name)) return undefined
  // A name that ends in a number would parse as an IPv4 address, `1.2` as 1.0.0.2.
  const ascii = endsInNumber(name) ? name.toLowerCase() : domainToASCII(name)
  return ascii === '' ? undefined : ascii.replace(/\.$/, '')
}

function endsInNumber(name: string): boolean {
  return /(^|\.)(\d+|0x[0-9a-f]*)\.?$/i.test(name)
}

function faultInLabels(ascii: string): string | undefined {
  if (endsInNumber(ascii)) return 'it ends in a number, which clients read as an IP address'
  for (const label of ascii.split('.')) {
    const fault = faultInLabel(label)
    if (fault) return fault
  }
  return undefined
}

function faultInLabel(label: string): string | undefined {
  if (label === '') return 'it has an empty label (two dots in a row, or a dot in front)'
  if (label.length > longestLabel)
    return `the label ${echoOf(label)} is longer than ${longestLabel} characters`
  if (label.startsWith('-') || label.endsWith('-'))
    return `the label ${echoOf(label)} starts or ends with a hyphen`
  if (label.startsWith('xn--') && !isALabel(label)) return `the label ${echoOf(label)} is not valid Punycode`
  return undefined
}

/** An A-label has to convert to a U-label and back (RFC 5890, section 2.3.2.1). */
function isALabel(label: string): boolean {
  const unicode = domainToUnicode(label)
  return unicode !== '' && unicode !== label && domainToASCII(unicode) === label
}

/**
 * Whether a certificate with these SANs covers `domain`: a host name, a wildcard or an IP address. The common
 * name never counts (RFC 9525, section 2).
 */
export function coversDomain(names: HostNames, domain: string): Answer {
  const host = comparableHost(domain)
  const by = coveringName(names, host)
  if (by === undefined) return { ok: false, code: 'name_mismatch', reason: mismatchReason(names, host) }
  const through = by.toLowerCase() === host || canonicalIp(by) ? '' : `, through ${readableName(by)}`
  return { ok: true, code: 'ok', reason: `It covers ${readableName(host)}${through}.` }
}

function comparableHost(host: string): string {
  const bare = host.trim().replace(/^\[(.*)\]$/, '$1')
  const address = canonicalIp(bare)
  if (address !== undefined) return address
  const wildcard = bare.startsWith('*.')
  const ascii = toAscii(wildcard ? bare.slice(2) : bare)
  return ascii === undefined ? bare.toLowerCase() : (wildcard ? '*.' : '') + ascii
}

function mismatchReason(names: HostNames, host: string): string {
  const domain = shown(readableName(host))
  const all = [...names.dns.map((name) => shown(readableName(name))), ...names.ip]
  if (all.length === 0)
    return `It names no host at all, so not ${domain}; a common name alone has not counted for years.`
  const hint = mismatchHint(names.dns, host)
  return `It does not cover ${domain}; it names ${listed(all)}.${hint ? ` ${hint}` : ''}`
}

/** Explains near misses. */
function mismatchHint(dns: readonly string[], host: string): string | undefined {
  if (dns.some((name) => name.toLowerCase() === host))
    return 'That is not a valid host name, so it does not count.'
  const bases = dns.filter((name) => name.startsWith('*.')).map((name) => name.slice(2).toLowerCase())
  if (bases.includes(host)) return `*.${readableName(host)} does not cover ${readableName(host)} itself.`
  const base = bases.find((name) => host.endsWith(`.${name}`))
  if (base === undefined) return undefined
  return base.includes('.')
    ? `*.${readableName(base)} covers only one label in front of ${readableName(base)}.`
    : `No client accepts *.${readableName(base)}, a wildcard right under a top-level domain.`
}

/** `a, b, c and 12 more`. */
function listed(names: string[]): string {
  const shown = names.slice(0, 4)
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 4} more` : names.join(', ')
}
