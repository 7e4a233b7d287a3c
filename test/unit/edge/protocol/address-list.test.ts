import { describe, expect, test } from 'vitest'
import { addressList, readNetwork } from '../../../../src/edge/protocol/address-list.ts'

describe('a list of addresses', () => {
  test('allows all if it is absent, and nobody if it is empty', () => {
    expect(addressList(null)).toBeNull()
    expect(addressList([])?.has('127.0.0.1')).toBe(false)
  })

  test.each([
    ['192.168.1.0/24', '192.168.1.255', true],
    ['192.168.1.0/24', '192.168.2.0', false],
    ['192.168.1.7', '192.168.1.7', true],
    ['192.168.1.7', '192.168.1.6', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::1', '::1', true],
    ['::1', '::2', false],
    ['fe80::/10', 'fe80::1%eth0', true],
    // IPv4 address as a dual-stack socket reports it.
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:11.1.2.3', false],
    ['10.0.0.0/8', 'a.test', false],
    ['10.0.0.0/8', '', false],
  ])('with %s, asked for %s: %s', (entry, address, isIn) => {
    expect(addressList([entry])?.has(address)).toBe(isIn)
    expect(addressList(['not an address', '198.51.100.1', entry])?.has(address)).toBe(isIn)
  })

  test('ignores invalid networks', () => {
    expect(addressList(['10.0.0.0/33', 'all'])?.has('10.0.0.0')).toBe(false)
  })
})

test.each([
  ['10.0.0.0/32', { address: '10.0.0.0', prefix: 32, family: 'ipv4' }],
  ['10.0.0.0', { address: '10.0.0.0', prefix: 32, family: 'ipv4' }],
  ['10.0.0.0/0', { address: '10.0.0.0', prefix: 0, family: 'ipv4' }],
  ['::/128', { address: '::', prefix: 128, family: 'ipv6' }],
  ['::1', { address: '::1', prefix: 128, family: 'ipv6' }],
  ...['', '10.0.0.0/33', '::/129', '10.0.0/8', '10.0.0.0/', '10.0.0.0/8/8', '/8', 'a.test', ' ::1'].map(
    (entry): [string, null] => [entry, null],
  ),
])('“%s” is read as %j', (entry, network) => {
  expect(readNetwork(entry)).toEqual(network)
})
