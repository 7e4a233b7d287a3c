import type { RemoteInfo } from 'node:dgram'
import { BlockList } from 'node:net'
import { networkInterfaces } from 'node:os'
import createMdns, { type MulticastDNS } from 'multicast-dns'

/** Multicast groups of mDNS. Bound to one, a socket gets nothing that is sent to this computer alone. */
const group = '224.0.0.251'
const groupOverIpv6 = 'ff02::fb'

const isWindows = process.platform === 'win32'

export interface MdnsSockets {
  all: MulticastDNS[]
  /** Whether a packet came from an address of the network. */
  isNeighbour(from: RemoteInfo): boolean
}

/** Sockets for the network of `address`, over IPv4 and, where this computer has it there, IPv6. */
export function openMdnsSockets(
  address: string,
  { port, onWarning }: { port: number; onWarning: (error: Error) => void },
): MdnsSockets {
  const { device, neighbours } = placeOf(address)
  const mdns = createMdns({ interface: address, bind: isWindows ? '0.0.0.0' : group, port })
  mdns.on('error', onWarning)
  const all = device === null ? [mdns] : [mdns, openOverIpv6(device, port)]
  for (const each of all) each.on('warning', () => undefined)
  return {
    all,
    isNeighbour: ({ address: from, family }) =>
      neighbours.check(from.replace(/%.*/, ''), family === 'IPv6' ? 'ipv6' : 'ipv4'),
  }
}

/** Android asks there first, and waits for seconds without an answer. Silent on a device without IPv6. */
function openOverIpv6(device: string, port: number): MulticastDNS {
  const scope = `%${device}`
  const bind = isWindows ? '::' : `${groupOverIpv6}${scope}`
  const mdns = createMdns({ type: 'udp6', ip: groupOverIpv6, interface: `::${scope}`, bind, port })
  mdns.on('error', () => undefined)
  return mdns
}

/** Device of `address`, and the addresses of its network; none once this computer has left it. */
function placeOf(address: string): { device: string | null; neighbours: BlockList } {
  for (const [device, entries = []] of Object.entries(networkInterfaces()))
    for (const { family, address: own, cidr } of entries) {
      const neighbours = new BlockList()
      if (family !== 'IPv4' || cidr === null) continue
      neighbours.addSubnet(own, Number(cidr.split('/')[1]))
      neighbours.addSubnet('fe80::', 10, 'ipv6')
      if (neighbours.check(address)) return { device, neighbours }
    }
  return { device: null, neighbours: new BlockList() }
}
