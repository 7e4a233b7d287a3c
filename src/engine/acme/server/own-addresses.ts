import { networkInterfaces } from 'node:os'
import { canonicalIp } from '../../../domain/ip-address.ts'

/** Whether the canonical `address` is a loopback address or that of an interface. */
export function isOwnAddress(address: string, interfaces = networkInterfaces()): boolean {
  if (/^127(?:\.\d+){3}$/.test(address)) return true
  const own = Object.values(interfaces).flatMap((each) => each ?? [])
  return own.some((each) => canonicalIp(each.address.split('%', 1)[0] ?? '') === address)
}
