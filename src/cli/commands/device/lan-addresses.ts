import { BlockList, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { usageError } from '../../frame/command.ts'

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
 * @throws `usage.wrong`
 */
export function chosenAddress(given: string | undefined, found = lanAddresses()): string {
  if (given !== undefined) {
    if (isIPv4(given) && local.check(given)) return given
    throw usageError(`--address "${given}" is not a private IPv4 address of this computer.`)
  }
  const [only, ...others] = found
  if (only === undefined) throw usageError('This computer is in no network that a phone could be in.')
  if (others.length === 0) return only
  throw usageError(
    `This computer has several addresses; choose the one in the device’s network: ${found.map((each) => `--address ${each}`).join(' or ')}`,
  )
}
