import { BlockList, isIP } from 'node:net'

/** Compiles an allow list; null allows every address. */
export function addressList(entries: readonly string[] | null) {
  if (entries === null) return null
  const list = new BlockList()
  for (const entry of entries) {
    const network = readNetwork(entry)
    // Unreadable entries allow nobody; the engine stores none.
    if (network !== null) list.addSubnet(network.address, network.prefix, network.family)
  }
  return {
    has(address: string): boolean {
      // Link-local addresses carry a zone, which networks do not have.
      const plain = address.split('%', 1)[0]!
      const family = isIP(plain)
      return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4')
    },
  }
}

export interface Network {
  address: string
  prefix: number
  family: 'ipv4' | 'ipv6'
}

/** Parses a network such as `192.168.1.0/24`; a single address is a network of one. Null if invalid. */
export function readNetwork(entry: string): Network | null {
  const [, address = '', length] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const version = isIP(address)
  if (version === 0) return null
  const longest = version === 6 ? 128 : 32
  const prefix = length === undefined ? longest : Number(length)
  return prefix <= longest ? { address, prefix, family: version === 6 ? 'ipv6' : 'ipv4' } : null
}
