import { expect, test } from 'vitest'
import { chosenAddress, lanAddresses } from '../../../../src/engine/lan/lan-address.ts'

const network = (address: string, internal = false) =>
  ({ address, internal, family: 'IPv4', netmask: '', mac: '', cidr: null }) as const

test('only private addresses of real networks are offered or taken', () => {
  const found = lanAddresses({
    lo: [network('127.0.0.1', true)],
    wlan0: [network('192.168.1.5')],
    docker0: [network('172.17.0.1')],
    wan: [network('203.0.113.9')],
  })
  expect(found).toEqual(['192.168.1.5'])
  expect(chosenAddress(undefined, found)).toBe('192.168.1.5')
  expect(() => chosenAddress('203.0.113.9', found)).toThrow('not a private IPv4 address')
  expect(() => chosenAddress('0.0.0.0', found)).toThrow('not a private IPv4 address')
  expect(() => chosenAddress(undefined, ['10.0.0.2', '192.168.1.5'])).toThrow('--address 10.0.0.2 or')
  expect(() => chosenAddress(undefined, [])).toThrow('in no network')
})
