import { describe, expect, test } from 'vitest'
import { pathSegments } from '../../../../../src/edge/worker/static-files/find-file.ts'

const onLinux = (target: string) => pathSegments(target, false, false)
const onWindows = (target: string) => pathSegments(target, false, true)

describe('the target of a request', () => {
  test.each([
    ['/', []],
    ['/a/b.txt', ['a', 'b.txt']],
    ['//a///b/', ['a', 'b']],
    ['/a?/../b', ['a']],
    ['/?', []],
    ['/na%20me/%C3%BC', ['na me', 'ü']],
    ['/.well-known/acme', ['.well-known', 'acme']],
    ['/a..b/c...', ['a..b', 'c...']],
    ['/%252e%252e/a', ['%2e%2e', 'a']],
  ])('%s goes through %j', (target, segments) => {
    expect(onLinux(target)).toEqual(segments)
  })

  test.each([
    ...['/..', '/a/../b', '/.', '/./a', '/%2e%2e/a', '/.%2E', '/a/..?x'],
    ...['/a%2fb', '/a%5cb', '/a\\b', '/..%2f..%2fetc', '/a%00', '/a%00.txt'],
    ...['/%ff', '/%c0%ae%c0%ae/', '/%', '/%zz'],
    ...['/.env', '/a/.git/config', '/...', '/.well-known-not/a', '/.WELL-KNOWN/a'],
  ])('%s is never served', (target) => {
    expect(onLinux(target)).toBeNull()
    expect(onWindows(target)).toBeNull()
  })

  test('names what begins with a dot where that is wanted, and no step upwards all the same', () => {
    expect(pathSegments('/.git/config', true, false)).toEqual(['.git', 'config'])
    for (const target of ['/..', '/.', '/%2e%2e/a', '/a%2f..'])
      expect(pathSegments(target, true, false), target).toBeNull()
  })
})

test.each([
  ...['/a.txt::$DATA', '/a:b', '/a*', '/a%3f', '/a"b', '/a<b', '/a>b', '/a|b', '/a%01', '/a%1f'],
  ...[
    '/a.',
    '/a%20',
    '/a./b',
    '/con',
    '/CON',
    '/a/nul.txt',
    '/aux.',
    '/com1',
    '/LPT9.x',
    '/com¹',
    '/conin$',
    '/prn',
  ],
])('%s, which Windows reads as something else, is served elsewhere alone', (target) => {
  expect(onWindows(target)).toBeNull()
  expect(onLinux(target)).not.toBeNull()
})

test.each(['/console', '/com', '/com10', '/nullable.txt', '/a.con', '/a b'])(
  '%s is served on Windows too',
  (target) => {
    expect(onWindows(target)).toEqual(onLinux(target))
    expect(onWindows(target)).not.toBeNull()
  },
)
