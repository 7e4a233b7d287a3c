import { isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalIp, hostInUrl } from '../../../src/domain/ip-address.ts'

test('an address has one text, however it is written', () => {
  expect(canonicalIp('192.0.2.1')).toBe('192.0.2.1')
  expect(canonicalIp('2001:DB8:0:0:0:0:0:1')).toBe('2001:db8::1')
  expect(canonicalIp('::ffff:192.0.2.1')).toBe('::ffff:c000:201')
})

test('an address is exactly what an operating system accepts as one', () => {
  const written = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.string({ unit: fc.constantFrom('0', '1', '9', '25', '256', 'f', '.', ':', '::', ']', '%', ' ') }),
  )
  fc.assert(
    fc.property(written, (text) => {
      expect(canonicalIp(text) !== undefined).toBe(!text.includes('%') && isIP(text) !== 0)
    }),
    { numRuns: 3000 },
  )
})

test('only IPv6 stands in brackets in a URL', () => {
  expect([hostInUrl('::1'), hostInUrl('127.0.0.1'), hostInUrl('shop.test')]).toEqual([
    '[::1]',
    '127.0.0.1',
    'shop.test',
  ])
})
