import { BlockList, isIP } from 'node:net'

/** Addresses and networks, as they are looked up for each request. */
export interface AddressList {
  has(address: string): boolean
}

/** Null where all may ask. */
export function addressList(entries: readonly string[] | null): AddressList | null {
  if (entries === null) return null
  const list = new BlockList()
  for (const entry of entries) {
    const network = readNetwork(entry)
    // What cannot be read lets nobody in; the engine stores none.
    if (network !== null) list.addSubnet(network.address, network.prefix, network.family)
  }
  return {
    has(address) {
      // A link-local address comes with its zone, which no network has.
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

/** `192.168.1.0/24`, `::1`; a single address is a network of one. Null for what is neither. */
export function readNetwork(entry: string): Network | null {
  const [, address = '', length] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const version = isIP(address)
  if (version === 0) return null
  const longest = version === 6 ? 128 : 32
  const prefix = length === undefined ? longest : Number(length)
  return prefix <= longest ? { address, prefix, family: version === 6 ? 'ipv6' : 'ipv4' } : null
}
