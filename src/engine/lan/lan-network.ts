import { readFileSync } from 'node:fs'
import { BlockList } from 'node:net'
import { networkInterfaces } from 'node:os'

export interface LanNetwork {
  device: string
  /** `192.168.1.5/24`, in it. */
  cidr: string
  /** Hardware address of its router, by which it differs from others with the same numbers; null if unknown. */
  router: string | null
}

/** Reads the present addresses and routers of this computer. */
export interface NetworkSource {
  interfaces: typeof networkInterfaces
  /** Hardware address of the router of a device; null if unknown. */
  router(device: string): string | null
}

export const systemNetworks: NetworkSource = {
  interfaces: networkInterfaces,
  router: (device) => routerOf(device, textOf('/proc/net/route'), textOf('/proc/net/arp')),
}

/** Null for an address that no device of this computer lists. */
export function networkOf(address: string, source: NetworkSource): LanNetwork | null {
  for (const [device, entries = []] of Object.entries(source.interfaces()))
    for (const { address: own, cidr } of entries)
      if (own === address && cidr !== null) return { device, cidr, router: source.router(device) }
  return null
}

/**
 * Address that this computer has in `network`: `current` while it has that, else another one; null if it has none,
 * or if the router is another one. Once the network was left, its router has to be known again.
 */
export function addressIn(
  network: LanNetwork,
  { current, isLeft }: { current: string; isLeft: boolean },
  source: NetworkSource,
): string | null {
  const entries = source.interfaces()[network.device] ?? []
  const found = entries.map(({ address }) => address).filter((address) => isWithin(address, network.cidr))
  const [address = null] = found.includes(current) ? [current] : found
  const router = source.router(network.device)
  const isSame = network.router !== null && router === network.router
  if (address !== current || isLeft) return isSame ? address : null
  return isSame || network.router === null || router === null ? address : null
}

function isWithin(address: string, cidr: string): boolean {
  const [base = '', prefix] = cidr.split('/')
  const subnet = new BlockList()
  subnet.addSubnet(base, Number(prefix))
  return subnet.check(address)
}

/** Router of the default route of a device, in Linux' tables of routes and of neighbours (`proc_net(5)`). */
export function routerOf(device: string, routes: string, neighbours: string): string | null {
  const rows = (table: string) => table.split('\n').map((line) => line.trim().split(/\s+/))
  const [, , gateway] = rows(routes).find(([name, to]) => name === device && to === '00000000') ?? []
  if (gateway === undefined) return null
  const address = [...Buffer.from(gateway, 'hex').reverse()].join('.')
  const neighbour = rows(neighbours).find((row) => row[0] === address && row[5] === device)
  const [, , , hardware = unresolved] = neighbour ?? []
  return hardware === unresolved ? null : hardware
}

const unresolved = '00:00:00:00:00:00'

/** Empty on systems without the table. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
