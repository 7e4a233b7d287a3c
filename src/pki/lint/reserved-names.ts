import { BlockList, isIPv6 } from 'node:net'
import former from './former.json' with { type: 'json' }
import { ipText } from '../x509/general-names.ts'
import { suffixKind } from '../../contract/text/public-suffix.ts'

/** RFC 6761, RFC 6762, RFC 8375, RFC 9476, and ICANN's private-use names. */
const reservedTopLevel = new Set(['test', 'example', 'invalid', 'localhost', 'local', 'alt', 'internal'])
const neverDelegated = new Set(['corp', 'home', 'mail', 'lan', 'localdomain', 'intranet', 'private'])

/** Days of delegation and removal of former top-level domains (IANA, November 2026). */
const formerDays = new Map(Object.entries(former.topLevelDomains))

/** Some countries' codes are on no list, since no name is directly below them. */
function isNoTopLevel(label: string, issuedAt: number): boolean {
  const [from = '', to = ''] = formerDays.get(label) ?? []
  const was = Date.parse(from) <= issuedAt && issuedAt <= Date.parse(to)
  return !was && /^[a-z][a-z0-9-]{2,}$/.test(label) && suffixKind(label) === null
}

/** Reason why `name` cannot be registered on the internet, as the rest of a sentence, or undefined. */
export function reservedNameReason(name: string, issuedAt: number): string | undefined {
  const labels = name.toLowerCase().split('.')
  const last = labels.at(-1) ?? ''
  if (labels.length === 1 && last !== '') return 'has no domain'
  if (reservedTopLevel.has(last)) return `lies under .${last}, which is reserved`
  if (neverDelegated.has(last)) return `lies under .${last}, which does not exist on the internet`
  if (name.toLowerCase().endsWith('home.arpa')) return 'lies under home.arpa, which is for home networks'
  if (isNoTopLevel(last, issuedAt)) return `lies under .${last}, which is no top-level domain`
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

/** Whether a permitted network (address and mask) and a reserved one have an address in common. */
export function meetsReserved(octets: Uint8Array): boolean {
  const [network = '', prefix] = ipText(octets).split('/')
  // A mask with gaps is written as an address.
  if (prefix === undefined || !/^\d+$/.test(prefix)) return false
  const permitted = new BlockList()
  permitted.addSubnet(network, Number(prefix), familyOf(network))
  return isReservedAddress(network) || networks.some(([each]) => permitted.check(each, familyOf(each)))
}
