import { canonicalIp } from './ip-address.ts'

/**
 * Whether an entry of an allow list (an address, or a network such as `10.0.0.0/8`) contains an IP address.
 * Agrees with the edge, which compares IPv4 as IPv4-mapped IPv6 (`::ffff:127.0.0.1`).
 */
export function networkContains(entry: string, address: string): boolean {
  const [start = '', length = start.includes(':') ? '128' : '32'] = entry.split('/')
  const [network, wanted] = [mappedBits(start), mappedBits(address)]
  const prefix = Number(length) + (start.includes(':') ? 0 : 96)
  if (network === null || wanted === null || !(prefix <= network.length)) return false
  return wanted.startsWith(network.slice(0, prefix))
}

/** The 128 binary digits of an address; null for other text. */
function mappedBits(text: string): string | null {
  const address = canonicalIp(text)
  if (address === undefined) return null
  if (!address.includes(':')) {
    const parts = address.split('.').map((part) => binary(Number(part), 8))
    return ['0'.repeat(80), '1'.repeat(16), ...parts].join('')
  }
  const [left = [], right = []] = address
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].map((group) => binary(Number.parseInt(group, 16), 16)).join('')
}

function binary(value: number, length: number): string {
  return value.toString(2).padStart(length, '0')
}
