import { isIP } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'

/**
 * Addresses of a server that this computer has a network for. A public one of IPv6 needs a public one here, too
 * (RFC 6724, section 5): many networks have IPv4 alone, in which half of a server's addresses are no fault of it.
 */
export function reachableAddresses(
  addresses: readonly string[],
  own: readonly Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[],
): string[] {
  const outer = own.filter(({ internal }) => !internal)
  const hasIpv4 = outer.some(({ family }) => family === 'IPv4')
  const hasIpv6 = outer.some(({ address }) => isPublicIpv6(address))
  return addresses.filter((address) =>
    isIP(address) === 6 ? hasIpv6 || !isPublicIpv6(address) : hasIpv4 || address.startsWith('127.'),
  )
}

/** 2000::/3 */
function isPublicIpv6(address: string): boolean {
  return /^[23][0-9a-f]{3}:/i.test(address)
}
