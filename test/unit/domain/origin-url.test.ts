import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatOrigin } from '../../../src/domain/origin-text.ts'
import { parseOrigin } from '../../../src/domain/origin-url.ts'

describe('an origin as a person writes it', () => {
  test.each([
    ['http://127.0.0.1:3000', { protocol: 'http', host: '127.0.0.1', httpPort: 3000 }],
    ['HTTP://LocalHost', { protocol: 'http', httpPort: 80 }],
    ['https://staging.example.com', { protocol: 'https', host: 'staging.example.com', httpsPort: 443 }],
    ['https://staging.example.com:8443/', { protocol: 'https', httpsPort: 8443 }],
    ['h2c://127.0.0.1:50051', { protocol: 'h2c', host: '127.0.0.1', httpPort: 50051 }],
    ['file:///srv/a%20shop', { protocol: 'folder', folder: '/srv/a shop' }],
    ['/srv/shop', { protocol: 'folder', folder: '/srv/shop' }],
    ['file:///C:/shop', { protocol: 'folder', folder: 'C:/shop' }],
    ['http://[::1]:3000', { protocol: 'http', host: '::1', httpPort: 3000 }],
    ['example.com', { protocol: 'follow', host: 'example.com', httpPort: 80, httpsPort: 443 }],
    ['127.0.0.1:5173', { protocol: 'http', httpPort: 5173 }],
    ['http://example.com:443', { protocol: 'http', httpPort: 443 }],
    ['example.com:443', { protocol: 'https', httpPort: 80, httpsPort: 443 }],
    ['3000', { protocol: 'http', host: '127.0.0.1', httpPort: 3000 }],
    [' :3000 ', { protocol: 'http', host: '127.0.0.1', httpPort: 3000 }],
    ['localhost:3000', { protocol: 'http', host: 'localhost', httpPort: 3000 }],
    ['localhost', { protocol: 'follow', host: 'localhost' }],
    ['[::1]:3000', { protocol: 'http', host: '::1', httpPort: 3000 }],
    ['[2001:DB8::0:1]', { protocol: 'follow', host: '2001:db8::1' }],
    ['::1', { protocol: 'follow', host: '::1' }],
    ['https://[::1]', { protocol: 'https', host: '::1', httpsPort: 443 }],
    ['my_service:8000', { protocol: 'http', host: 'my_service', httpPort: 8000 }],
    ['https://Bücher.example', { protocol: 'https', host: 'xn--bcher-kva.example' }],
  ])('%s', (text, expected) => {
    expect(parseOrigin(text)).toMatchObject(expected)
  })

  test.each([
    ['', 'names no host'],
    ['~', 'does not begin at the root; give the whole path'],
    ['~/shop', 'give the whole path'],
    ['~me/shop', 'give the whole path'],
    ['~me', 'give the whole path'],
    ['./dist', 'give the whole path'],
    ['..', 'give the whole path'],
    ['..\\dist', 'give the whole path'],
    ['http://~', 'give the whole path'],
    ['http://~:3000', 'give the whole path'],
    ['shop~.test', 'names no host'],
    ['http://', 'names no host'],
    ['ftp://example.com', 'ftp:// is not spoken'],
    ['http://example.com/shop', 'holds a path'],
    ['http://example.com?x', 'holds a path'],
    ['http://user:pass@example.com', 'user name or password'],
    ['http://user@', 'user name or password'],
    ['http://example.com\\shop', 'holds a path'],
    ['http://example.com:0', '0 is not a port'],
    ['http://example.com:99999', '99999 is not a port; ports are numbers from 1 to 65535'],
    ['99999', '99999 is not a port'],
    ['0', '0 is not a port'],
    [':', 'names no host'],
    [':3000:4000', 'names no host'],
    ['http://::1', 'names no host'],
    ['[::1', 'names no host'],
    ['a b', 'names no host'],
    ['http://a%20b', 'names no host'],
    ['http://3000', 'would be read as the address 0.0.11.184'],
    ['127.1:3000', 'would be read as the address 127.0.0.1'],
    ['0x7f.1', 'would be read as the address 127.0.0.1'],
  ])('refuses %j and says why', (text, reason) => {
    expect(() => parseOrigin(text)).toThrow(
      expect.objectContaining({ code: 'origin.invalid', message: expect.stringContaining(reason) }),
    )
  })

  test('a password in it is not said again', () => {
    expect(() => parseOrigin('http://me:horse@example.com')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('horse') }),
    )
  })

  test('is parsed back from its shown form', () => {
    const origin = fc.record({
      scheme: fc.constantFrom('http', 'https', 'h2c'),
      host: fc.oneof(
        fc.domain(),
        fc.ipV4(),
        fc.ipV6().map((ip) => `[${ip}]`),
      ),
      port: fc.integer({ min: 1, max: 65535 }),
    })
    fc.assert(
      fc.property(origin, ({ scheme, host, port }) => {
        const parsed = parseOrigin(`${scheme}://${host}:${port}`)
        expect(parsed).toMatchObject({
          protocol: scheme,
          [scheme === 'https' ? 'httpsPort' : 'httpPort']: port,
        })
        expect(parseOrigin(formatOrigin(parsed))).toEqual(parsed)
      }),
    )
  })

  test('any text is read or refused with a code, never anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseOrigin(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'origin.invalid' })
        }
      }),
    )
  })
})
