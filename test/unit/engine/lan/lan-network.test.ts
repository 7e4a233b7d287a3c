import { describe, expect, test } from 'vitest'
import { addressIn, networkOf, type NetworkSource, routerOf } from '../../../../src/engine/lan/lan-network.ts'

const home = '02:00:00:00:00:01'

/** A computer whose Wi-Fi has these addresses and this router. */
function at(addresses: string[], router: string | null): NetworkSource {
  const entry = (cidr: string) => ({
    address: cidr.replace(/\/.*/, ''),
    cidr,
    internal: false,
    family: 'IPv4' as const,
    netmask: '',
    mac: '',
  })
  return { interfaces: () => ({ wlan0: addresses.map(entry) }), router: () => router }
}

const network = networkOf('192.168.1.5', at(['192.168.1.5/24'], home))!
const here = { current: '192.168.1.5', isLeft: false }
const left = { current: '192.168.1.5', isLeft: true }

describe('the address in a network', () => {
  test('stays while the computer has it and the router is not another one', () => {
    expect(addressIn(network, here, at(['192.168.1.5/24'], home))).toBe('192.168.1.5')
    // The table of neighbours forgets for a moment.
    expect(addressIn(network, here, at(['192.168.1.5/24'], null))).toBe('192.168.1.5')
  })

  test('is another one where the router gave another one', () => {
    expect(addressIn(network, here, at(['192.168.1.6/24'], home))).toBe('192.168.1.6')
    expect(addressIn(network, left, at(['192.168.1.6/24'], home))).toBe('192.168.1.6')
  })

  test('does not exist in another network, even with the same numbers', () => {
    expect(addressIn(network, here, at([], home))).toBeNull()
    expect(addressIn(network, here, at(['10.0.0.5/24'], home))).toBeNull()
    expect(addressIn(network, here, at(['192.168.1.5/24'], '02:00:00:00:00:02'))).toBeNull()
    expect(addressIn(network, here, at(['192.168.1.6/24'], null))).toBeNull()
    expect(addressIn(network, left, at(['192.168.1.5/24'], null))).toBeNull()
    expect(addressIn(network, left, at(['192.168.1.5/24'], home))).toBe('192.168.1.5')
  })

  test('is not found again in a network without a known router', () => {
    const unknown = networkOf('192.168.1.5', at(['192.168.1.5/24'], null))!
    expect(addressIn(unknown, here, at(['192.168.1.5/24'], null))).toBe('192.168.1.5')
    expect(addressIn(unknown, left, at(['192.168.1.5/24'], null))).toBeNull()
  })
})

test('an address that no device lists is in no known network', () => {
  expect(networkOf('127.0.0.2', at(['127.0.0.1/8'], null))).toBeNull()
})

test('the router of a device is read from the tables of Linux', () => {
  const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
wlan0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0
`
  const neighbours = (
    hardware: string,
  ) => `IP address       HW type     Flags       HW address            Mask     Device
192.168.1.1      0x1         0x2         ${hardware}     *        wlan0
`
  expect(routerOf('wlan0', routes, neighbours(home))).toBe(home)
  expect(routerOf('wlan0', routes, neighbours('00:00:00:00:00:00'))).toBeNull()
  expect(routerOf('eth0', routes, neighbours(home))).toBeNull()
  expect(routerOf('wlan0', '', '')).toBeNull()
})
