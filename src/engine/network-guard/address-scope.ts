import { BlockList, isIP } from 'node:net'
import { isReservedAddress } from '../../pki/lint/reserved-names.ts'

/**
 * Reach of an IP address. `network`: private addresses, including carrier-grade NAT; `metadata`: a cloud
 * service that hands out credentials; `reserved`: no server's address.
 */
export type AddressScope = 'public' | 'loopback' | 'network' | 'link-local' | 'metadata' | 'reserved'

type Network = [address: string, prefix: number, family: 'ipv4' | 'ipv6']

function listOf(networks: Network[]): BlockList {
  const list = new BlockList()
  for (const [address, prefix, family] of networks) list.addSubnet(address, prefix, family)
  return list
}

/** Amazon, Google, Microsoft and most others; ECS; Alibaba; Oracle; Azure's wire server; IPv6 of both. */
const metadata = listOf([
  ['169.254.169.254', 32, 'ipv4'],
  ['169.254.170.2', 32, 'ipv4'],
  ['100.100.100.200', 32, 'ipv4'],
  ['192.0.0.192', 32, 'ipv4'],
  ['168.63.129.16', 32, 'ipv4'],
  ['fd00:ec2::254', 128, 'ipv6'],
  ['fd20:ce::254', 128, 'ipv6'],
])
const loopback = listOf([
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
])
const linkLocal = listOf([
  ['169.254.0.0', 16, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
])
/** RFC 1918, RFC 6598 (shared address space), RFC 4193, RFC 8215 (NAT64 of a local network). */
const network = listOf([
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
])
/** Protocol assignments (RFC 6890), a few of them public, and the former 6to4 relays (RFC 7526). */
const reservedIpv4 = listOf([
  ['192.0.0.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
])
/** Global unicast (RFC 4291, section 2.4), and its reserved parts: tunnels, benchmarks, documentation. */
const globalUnicast = listOf([['2000::', 3, 'ipv6']])
const reservedIpv6 = listOf([
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
])
/** Prefixes of an embedded IPv4 destination: mapped (RFC 4291) and NAT64 (RFC 6052). */
const carriesIpv4 = listOf([
  ['::ffff:0:0', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
])

/** Scope of `address`, an IP address as text; `reserved` for anything else. */
export function addressScope(address: string): AddressScope {
  const plain = address.replace(/%.*$/s, '')
  const version = isIP(plain)
  if (version === 4) return scopeOfIpv4(plain)
  if (version === 6) return scopeOfIpv6(plain)
  return 'reserved'
}

function scopeOfIpv4(address: string): AddressScope {
  const named = namedScope(address, 'ipv4')
  if (named) return named
  return isReservedAddress(address) || reservedIpv4.check(address, 'ipv4') ? 'reserved' : 'public'
}

function scopeOfIpv6(address: string): AddressScope {
  if (carriesIpv4.check(address, 'ipv6')) return scopeOfIpv4(lastIpv4(address))
  const named = namedScope(address, 'ipv6')
  if (named) return named
  return globalUnicast.check(address, 'ipv6') && !reservedIpv6.check(address, 'ipv6') ? 'public' : 'reserved'
}

function namedScope(address: string, family: 'ipv4' | 'ipv6'): AddressScope | undefined {
  if (metadata.check(address, family)) return 'metadata'
  if (loopback.check(address, family)) return 'loopback'
  if (linkLocal.check(address, family)) return 'link-local'
  return network.check(address, family) ? 'network' : undefined
}

/** The last 32 bits of an IPv6 address as IPv4. URL normalizes every notation to hexadecimal groups. */
function lastIpv4(address: string): string {
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split(':').slice(-2)
  const [high = 0, low = 0] = groups.map((group) => Number.parseInt(group || '0', 16))
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
}
