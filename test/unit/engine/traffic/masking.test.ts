import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskField, maskUrl } from '../../../../src/engine/traffic/masking.ts'

describe('the mask over a URL', () => {
  test.each([
    ['https://shop.test/cart', 'https://shop.test/cart'],
    ['https://shop.test/?', 'https://shop.test/?'],
    ['https://shop.test/s?q=shoes&token=abc', 'https://shop.test/s?q=***&token=***'],
    ['/s?q=a=b', '/s?q=***'],
    ['/s?eyJhbGciOiJIUzI1NiJ9', '/s?***'],
    ['/s?a=1&&b=', '/s?a=***&&b=***'],
    ['https://ann:secret@shop.test/x', 'https://***@shop.test/x'],
    ['//ann@shop.test/x', '//***@shop.test/x'],
    ['https://shop.test/#access_token=abc', 'https://shop.test/#***'],
    ['/mail/ann@shop.test', '/mail/ann@shop.test'],
  ])('makes %s into %s', (url, masked) => {
    expect(maskUrl(url)).toBe(masked)
  })

  test('leaves nothing of a value, wherever it stands', () => {
    const secret = fc.stringMatching(/^[!-~]{8,40}$/).filter((text) => !/[&#]/.test(text))
    fc.assert(
      fc.property(secret, fc.stringMatching(/^[a-z]{0,6}$/), (value, name) => {
        expect(maskUrl(`https://shop.test/p?a=1&${name}=${value}&b`)).toBe(
          `https://shop.test/p?a=***&${name}=***&***`,
        )
      }),
    )
  })
})

describe('the mask over header fields', () => {
  test.each([
    ['Authorization', 'Bearer abc.def', 'Bearer ***'],
    ['authorization', 'Basic YTpi', 'Basic ***'],
    ['Authorization', 'abcdef', '***'],
    ['Proxy-Authorization', 'Digest username="ann", response="1"', 'Digest ***'],
    ['Cookie', 'sid=abc; theme=dark', 'sid=***; theme=***'],
    ['cookie', 'abc', '***'],
    ['Cookie', '=abc', '=***'],
    ['Set-Cookie', 'sid=abc; Path=/; HttpOnly', 'sid=***; Path=/; HttpOnly'],
    ['Referer', 'https://shop.test/a?token=abc', 'https://shop.test/a?token=***'],
    ['Location', '/next?code=abc', '/next?code=***'],
    ['X-Api-Key', 'abc', '***'],
    ['X-Csrf-Token', 'abc', '***'],
    ['Sec-WebSocket-Protocol', 'token, abc', '***'],
  ])('shows %s: %s as %s', (name, value, shown) => {
    expect(maskField(name, value)).toEqual({ name, value: shown, masked: true })
  })

  test.each([
    ['Accept', 'text/html'],
    ['content-type', 'application/json'],
    ['User-Agent', 'curl/8'],
    ['X-Empty', ''],
  ])('shows %s: %s as it is', (name, value) => {
    expect(maskField(name, value)).toEqual({ name, value, masked: false })
  })

  test('masks every field that is not known to be harmless', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^x-[a-z]{5,12}-(key|token|id)$/), (name) => {
        expect(maskField(name, 'a secret value')).toEqual({ name, value: '***', masked: true })
      }),
    )
  })
})
