import { BlockList, isIPv6 } from 'node:net'

/** RFC 6761, RFC 6762, RFC 8375, RFC 9476, and ICANN's private-use names. */
const reservedTopLevel = new Set(['test', 'example', 'invalid', 'localhost', 'local', 'alt', 'internal'])
const neverDelegated = new Set(['corp', 'home', 'mail', 'lan', 'localdomain', 'intranet', 'private'])

/** Reason why `name` cannot be registered on the internet, as the rest of a sentence, or undefined. */
export function reservedNameReason(name: string): string | undefined {
  const labels = name.toLowerCase().split('.')
  const last = labels.at(-1) ?? ''
  if (labels.length === 1 && last !== '') return 'has no domain'
  if (reservedTopLevel.has(last)) return `lies under .${last}, which is reserved`
  if (neverDelegated.has(last)) return `lies under .${last}, which does not exist on the internet`
  if (name.toLowerCase().endsWith('home.arpa')) return 'lies under home.arpa, which is for home networks'
  return undefined
}

/** IANA's special-purpose registries (RFC 6890), limited to networks that someone may use for a server. */
const reserved = new BlockList()
const networks: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['2001:db8::', 32],
  ['ff00::', 8],
]
for (const [network, prefix] of networks) reserved.addSubnet(network, prefix, familyOf(network))

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}

export function isReservedAddress(address: string): boolean {
  return reserved.check(address, familyOf(address))
}
