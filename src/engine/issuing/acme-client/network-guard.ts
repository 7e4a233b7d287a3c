import { lookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * What is not the public internet (RFC 6890 and the registries it began): this computer, its networks,
 * carriers' networks, multicast, and the prefixes that carry IPv4 addresses inside of IPv6 ones.
 */
const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(network, prefix, 'ipv4')
/** Global unicast is all that is left of IPv6. */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')
const tunnelled = new BlockList()
tunnelled.addSubnet('2001::', 23, 'ipv6')
tunnelled.addSubnet('2001:db8::', 32, 'ipv6')
tunnelled.addSubnet('2002::', 16, 'ipv6')

/** Whether `address`, an IP address as text, is on the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special.check(address, 'ipv4')
  if (family === 6) return globalUnicast.check(address, 'ipv6') && !tunnelled.check(address, 'ipv6')
  return false
}

/** An address that a name resolves to is not one that may be connected to. */
export class AddressRefused extends Error {
  constructor(host: string) {
    super(`${host} resolves to an address on this computer or in its network`)
    this.name = 'AddressRefused'
  }
}

/**
 * Resolves names for a connection and gives it public addresses only. What is checked is what is
 * connected to, so that a name which resolves to something else the next time gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 4)
    const allowed = addresses.filter(({ address }) => isPublicAddress(address))
    const [first] = allowed
    if (!first) return callback(new AddressRefused(hostname), '', 4)
    if (options.all) (callback as unknown as ManyAddresses)(null, allowed)
    else callback(null, first.address, first.family)
  })
}

type ManyAddresses = (error: null, addresses: LookupAddress[]) => void
