import { describe, expect, test } from 'vitest'
import { withPathRestored } from '../../../../../src/edge/worker/policies/path-prefix.ts'

const below = { path: '/api', host: 'Shop.test:8443', originHost: '127.0.0.1:4000' }
const one = (name: string, value: string) => withPathRestored([name, value], below)[1]

describe('the path that was taken off a request', () => {
  test.each([
    ['/login', '/api/login'],
    ['/', '/api/'],
    ['/?next=/cart#top', '/api/?next=/cart#top'],
    ['/apix', '/api/apix'],
    ['https://shop.test:8443/login', 'https://shop.test:8443/api/login'],
    ['http://shop.test:8443', 'http://shop.test:8443/api/'],
    ['HTTPS://shop.test:8443?page=2', 'HTTPS://shop.test:8443/api/?page=2'],
    ['//shop.test:8443/login', '//shop.test:8443/api/login'],
    ['http://127.0.0.1:4000/login', '/api/login'],
  ])('is put back into Location: %s', (given, wanted) => {
    expect(one('LOCATION', given)).toBe(wanted)
  })

  test.each([
    '/api',
    '/api/login',
    '/api?page=2',
    'https://shop.test:8443/api/login',
    'https://shop.test/login',
    'https://shop.test:8443@evil.test/login',
    'https://shop.test:8443\\@evil.test/login',
    '//pay.test/login',
    '/\\pay.test/login',
    'login',
    '../login',
    '?page=2',
    '#top',
    '',
    'mailto:a@shop.test',
  ])('is not put into Location: %s', (given) => {
    expect(one('location', given)).toBe(given)
  })

  test.each([
    ['a=1; Path=/', 'a=1; Path=/api'],
    ['a=/; path = /admin; Secure', 'a=/; path = /api/admin; Secure'],
    ['a=1; Secure;Path=/; HttpOnly', 'a=1; Secure;Path=/api; HttpOnly'],
  ])('is put back into the path of a cookie: %s', (given, wanted) => {
    expect(one('Set-Cookie', given)).toBe(wanted)
  })

  test.each([
    'a=1',
    'path=/; Secure',
    'a=1; Path=/api/admin',
    'a=1; Path=',
    'a=1; Path=admin',
    '__Host-a=1; Path=/; Secure',
  ])('is not put into the path of a cookie: %s', (given) => {
    expect(one('set-cookie', given)).toBe(given)
  })

  test('leaves all other fields alone', () => {
    const headers = [
      'content-location',
      '/a',
      'link',
      '</b>; rel=preload',
      'location',
      '/c',
      'x-origin',
      '/d',
    ]
    headers.push('x-cookie-2', 'a=1; Path=/', 'x', 'location')
    expect(withPathRestored(headers, below)).toEqual(headers.with(5, '/api/c'))
  })
})
