import type { SwapImpact } from '../contract/domains.ts'
import { canonicalIp } from './ip-address.ts'

/** The subject alternative names of a certificate that a TLS client compares a host with. */
export interface HostNames {
  dns: readonly string[]
  ip: readonly string[]
}

/** The names of a certificate as the lists show it. */
export function hostNamesOf(certificate: {
  dnsNames: readonly string[]
  ipNames: readonly string[]
}): HostNames {
  return { dns: certificate.dnsNames, ip: certificate.ipNames }
}

/**
 * The name of a certificate that stands for `host` (RFC 9525, section 6.3), undefined where none does.
 * `host` is a host name in lower case and A-labels, a wildcard, which only the same wildcard covers, or
 * an IP address. The common name never counts (RFC 9525, section 2).
 */
export function coveringName(names: HostNames, host: string): string | undefined {
  const address = canonicalIp(host)
  return address === undefined
    ? names.dns.find((name) => dnsNameCovers(name, host))
    : names.ip.find((ip) => canonicalIp(ip) === address)
}

/** A name in a certificate that a client compares at all: LDH labels, `*` only as the whole first one. */
const presentedPattern = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/
const longestLabel = 63

function dnsNameCovers(presented: string, host: string): boolean {
  const name = presented.toLowerCase()
  if (!presentedPattern.test(name) || name.split('.').some(({ length }) => length > longestLabel))
    return false
  if (!name.startsWith('*.')) return name === host
  const base = name.slice(2)
  // `*.com`, `*.test`: no client takes a wildcard right under a top-level label.
  if (!base.includes('.')) return false
  return name === host || (!host.startsWith('*.') && host.slice(host.indexOf('.') + 1) === base)
}

interface NameChanges {
  /** Names of the certificate before that the one after does not stand for. */
  lost: string[]
  /** Names of the certificate after that the one before did not stand for. */
  gained: string[]
  /** Names of the certificate before that stay covered, by the same name or through a wildcard. */
  kept: string[]
}

/** What happens to the names when `after` takes the place of `before`. */
export function nameChanges(before: HostNames, after: HostNames): NameChanges {
  const [had, has] = [listed(before), listed(after)]
  return {
    lost: had.filter((name) => !standsFor(after, name)),
    gained: has.filter((name) => !standsFor(before, name)),
    kept: had.filter((name) => standsFor(after, name)),
  }
}

/** The same, as a swap tells of it. */
export function swapImpact(before: HostNames, after: HostNames): SwapImpact {
  const { lost, gained } = nameChanges(before, after)
  return { namesLost: lost, namesGained: gained }
}

function listed({ dns, ip }: HostNames): string[] {
  return [...new Set([...dns.map((name) => name.toLowerCase()), ...ip])]
}

/** A name that no client compares, such as `a_b.test`, is kept by the very same name alone. */
function standsFor(names: HostNames, name: string): boolean {
  return coveringName(names, name) !== undefined || names.dns.some((dns) => dns.toLowerCase() === name)
}
