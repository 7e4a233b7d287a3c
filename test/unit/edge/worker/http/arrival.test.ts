import { expect, test } from 'vitest'
import { forwardedLines } from '../../../../../src/edge/worker/http/arrival.ts'

test.each([
  [true, '192.0.2.1', 'https', '192.0.2.1'],
  [false, '192.0.2.1', 'http', '192.0.2.1'],
  // RFC 7239, section 6: an IPv6 address has brackets and is quoted.
  [true, '2001:db8::1', 'https', '"[2001:db8::1]"'],
])('an origin is told where a request comes from: %s, %s', (secure, remoteAddress, proto, node) => {
  expect(forwardedLines('shop.test:8443', { secure, remoteAddress }).split('\r\n')).toEqual([
    `x-forwarded-for: ${remoteAddress}`,
    `x-forwarded-proto: ${proto}`,
    'x-forwarded-host: shop.test:8443',
    `forwarded: for=${node};host="shop.test:8443";proto=${proto}`,
    '',
  ])
})
