import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { isOwnAddress } from '../../../../../src/engine/acme/server/identifiers.ts'

const interfaces = {
  lo: [{ address: '127.0.0.1' }, { address: '::1' }],
  eth0: [{ address: '192.168.1.7' }, { address: 'fe80::1%eth0' }, { address: 'fd00:0:0:0:0:0:0:7' }],
} as unknown as NodeJS.Dict<NetworkInterfaceInfo[]>

test.each(['127.0.0.1', '127.8.9.1', '::1', '192.168.1.7', 'fe80::1', 'fd00::7'])(
  '%s is an address of this computer',
  (address) => expect(isOwnAddress(address, interfaces)).toBe(true),
)

test.each([
  '192.168.1.1',
  '10.0.0.1',
  '169.254.169.254',
  '0.0.0.0',
  '::',
  '::ffff:192.168.1.7',
  'fd00::8',
  '128.0.0.1',
])('%s is no address of this computer', (address) => expect(isOwnAddress(address, interfaces)).toBe(false))

test('the addresses of the real interfaces are addresses of this computer', () => {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  for (const { address } of own) expect(isOwnAddress(address), address).toBe(true)
})
