import { BlockList, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { EdgekeepError } from '../../contract/errors/registry.ts'

/** Addresses of home and office networks (RFC 1918), and the loopback. The local authority vouches for both. */
const local = new BlockList()
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['127.0.0.0', 8],
] as const)
  local.addSubnet(network, prefix)

/** Interfaces of containers and virtual machines, which no phone reaches. */
const virtual = /^(?:docker|br-|veth|virbr|podman|cni|vmnet|vboxnet|lxc)/

/** Private IPv4 addresses of this computer's networks. */
export function lanAddresses(interfaces = networkInterfaces()): string[] {
  return Object.entries(interfaces)
    .filter(([name]) => !virtual.test(name))
    .flatMap(([, entries = []]) => entries)
    .filter(({ internal, family, address }) => !internal && family === 'IPv4' && local.check(address))
    .map(({ address }) => address)
}

/**
 * Address to listen on: the given one, else the only one of this computer's networks.
 * @throws `lan.address_unusable`, `lan.no_network`, `lan.several_networks`
 */
export function chosenAddress(given: string | undefined, found = lanAddresses()): string {
  if (given !== undefined) {
    if (isIPv4(given) && local.check(given)) return given
    throw new EdgekeepError('lan.address_unusable', { address: given })
  }
  const [only, ...others] = found
  if (only === undefined) throw new EdgekeepError('lan.no_network', {})
  if (others.length === 0) return only
  throw new EdgekeepError('lan.several_networks', { addresses: found })
}
