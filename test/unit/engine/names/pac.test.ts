import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { pacFile } from '../../../../src/engine/names/pac.ts'

const text = pacFile({
  domains: ['shop.test', '*.wild.test', 'xn--bcher-kva.test'],
  proxyPort: 7000,
  httpPort: 8080,
})
const find = (url: string, host: string) =>
  runInNewContext(`${text}; FindProxyForURL(${JSON.stringify(url)}, ${JSON.stringify(host)})`, {}) as string

test('a PAC file leads served names to the loopback, and plain HTTP to the edge itself', () => {
  expect(find('https://shop.test/', 'shop.test')).toBe('PROXY 127.0.0.1:7000')
  expect(find('wss://shop.test/', 'SHOP.test')).toBe('PROXY 127.0.0.1:7000')
  expect(find('http://shop.test/', 'shop.test')).toBe('PROXY 127.0.0.1:8080')
  expect(find('https://a.wild.test/', 'a.wild.test')).toBe('PROXY 127.0.0.1:7000')
})

test.each([
  'example.com',
  'a.shop.test',
  'shop.test.example.com',
  'wild.test',
  'a.b.wild.test',
  '',
  'constructor',
  '__proto__',
  'hasOwnProperty',
])('a PAC file leaves "%s" alone', (host) => {
  expect(find(`https://${host}/`, host)).toBe('DIRECT')
})
