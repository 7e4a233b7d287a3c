import { describe, expect, test } from 'vitest'
import { parseServer } from '../../../src/domain/server-address.ts'

describe('a server that a person types', () => {
  test.each([
    ['shop.test', 'shop.test', 443],
    [' shop.test:8443 ', 'shop.test', 8443],
    ['https://shop.test/path?x', 'shop.test', 443],
    ['127.0.0.1:8443', '127.0.0.1', 8443],
    ['[::1]:8443', '::1', 8443],
  ])('%s', (text, host, port) => {
    expect(parseServer(text)).toEqual({ host, port })
  })

  test.each(['', 'http://shop.test', 'shop.test:0', 'shop.test:99999', 'a b', 'https://me:secret@shop.test'])(
    'not %j',
    (text) => {
      expect(parseServer(text)).toBeNull()
    },
  )
})
