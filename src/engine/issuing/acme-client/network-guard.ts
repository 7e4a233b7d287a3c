import { lookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { isReservedAddress } from '../../pki/lint/reserved-names.ts'

/** Besides what the registries set aside (RFC 6890): protocol assignments, of which a few are public. */
const assignments = new BlockList()
assignments.addSubnet('192.0.0.0', 24, 'ipv4')
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
  if (family === 4) return !isReservedAddress(address) && !assignments.check(address, 'ipv4')
  if (family === 6) return globalUnicast.check(address, 'ipv6') && !tunnelled.check(address, 'ipv6')
  return false
}

/** Whether `address`, an IP address as text, is on this computer. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))
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
