import type { SwapImpact } from '../contract/domains/domains.ts'
import { canonicalIp } from './ip-address.ts'

/** Subject alternative names that a TLS client compares with a host. */
export interface HostNames {
  dns: readonly string[]
  ip: readonly string[]
}

export function hostNamesOf(certificate: {
  dnsNames: readonly string[]
  ipNames: readonly string[]
}): HostNames {
  return { dns: certificate.dnsNames, ip: certificate.ipNames }
}

/**
 * Returns the certificate's name that covers `host` (RFC 9525, section 6.3), or undefined. `host` is a host
 * name in lower case and A-labels, a wildcard, which only the same wildcard covers, or an IP address. The
 * common name never counts (RFC 9525, section 2).
 */
export function coveringName(names: HostNames, host: string): string | undefined {
  const address = canonicalIp(host)
  return address === undefined
    ? names.dns.find((name) => dnsNameCovers(name, host))
    : names.ip.find((ip) => canonicalIp(ip) === address)
}

/**
 * Names that clients compare at all: LDH labels, with underscores, which all but Java accept; `*` only as the
 * whole first one.
 */
const presentedPattern = /^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/
const longestLabel = 63

function dnsNameCovers(presented: string, host: string): boolean {
  const name = presented.toLowerCase()
  if (!presentedPattern.test(name) || name.split('.').some(({ length }) => length > longestLabel))
    return false
  if (!name.startsWith('*.')) return name === host
  const base = name.slice(2)
  // `*.com`, `*.test`: no client accepts a wildcard directly below a top-level domain.
  if (!base.includes('.')) return false
  return name === host || (!host.startsWith('*.') && host.slice(host.indexOf('.') + 1) === base)
}

interface NameChanges {
  /** Names only in the previous certificate. */
  lost: string[]
  /** Names only in the next certificate. */
  gained: string[]
  /** Names that stay covered, by the same name or through a wildcard. */
  kept: string[]
}

/** Compares the names when `after` replaces `before`. */
export function nameChanges(before: HostNames, after: HostNames): NameChanges {
  const [had, has] = [listed(before), listed(after)]
  return {
    lost: had.filter((name) => !standsFor(after, name)),
    gained: has.filter((name) => !standsFor(before, name)),
    kept: had.filter((name) => standsFor(after, name)),
  }
}

export function swapImpact(before: HostNames, after: HostNames): SwapImpact {
  const { lost, gained } = nameChanges(before, after)
  return { namesLost: lost, namesGained: gained }
}

function listed({ dns, ip }: HostNames): string[] {
  return [...new Set([...dns.map((name) => name.toLowerCase()), ...ip])]
}

/** A name that no client compares, such as `-a.test`, is covered only by the identical name. */
function standsFor(names: HostNames, name: string): boolean {
  return coveringName(names, name) !== undefined || names.dns.some((dns) => dns.toLowerCase() === name)
}
