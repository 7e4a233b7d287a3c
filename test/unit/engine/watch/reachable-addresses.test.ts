import { expect, test } from 'vitest'
import { reachableAddresses } from '../../../../src/engine/watch/reachable-addresses.ts'

const all = ['192.0.2.1', '2606:4700::1', '127.0.0.1', '::1', 'fd00::9']
const own = (address: string, internal = false) => ({
  address,
  family: address.includes(':') ? ('IPv6' as const) : ('IPv4' as const),
  internal,
})

test.each([
  [
    ['192.168.1.2', 'fe80::1', 'fd00::2'],
    ['192.0.2.1', '127.0.0.1', '::1', 'fd00::9'],
  ],
  [['2001:db8::2'], ['2606:4700::1', '127.0.0.1', '::1', 'fd00::9']],
  [['192.168.1.2', '2001:db8::2'], all],
])('a computer with %j asks the addresses that it has a network for', (ours, reached) => {
  const loopback = [own('127.0.0.1', true), own('::1', true)]
  expect(reachableAddresses(all, [...loopback, ...ours.map((address) => own(address))])).toEqual(reached)
})
