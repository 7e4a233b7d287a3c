import { describe, expect, test } from 'vitest'
import { networkContains } from '../../../src/domain/address-network.ts'
import { addressList } from '../../../src/edge/protocol/address-list.ts'

describe('an entry of an allow list', () => {
  test.each([
    ['127.0.0.0/8', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.2', '127.0.0.1', false],
    ['127.1.0.0/16', '127.0.0.1', false],
    ['0.0.0.0/0', '127.0.0.1', true],
    ['126.0.0.0/7', '127.0.0.1', true],
    ['192.168.1.0/24', '127.0.0.1', false],
    ['::1', '::1', true],
    ['0:0:0:0:0:0:0:1', '::1', true],
    ['::/0', '::1', true],
    ['::/127', '::1', true],
    ['::10', '::1', false],
    ['::1:0/112', '::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['::/0', '127.0.0.1', true],
    ['::ffff:127.0.0.0/104', '127.0.0.1', true],
    ['127.0.0.0/8', '::ffff:127.0.0.1', true],
    ['0.0.0.0/0', '::1', false],
    ['127.0.0.1/33', '127.0.0.1', false],
    ['localhost', '127.0.0.1', false],
    ['', '::1', false],
  ])('%s contains %s: %s, as the edge has it', (entry, address, isIn) => {
    expect(networkContains(entry, address)).toBe(isIn)
    expect(addressList([entry])?.has(address)).toBe(isIn)
  })
})
