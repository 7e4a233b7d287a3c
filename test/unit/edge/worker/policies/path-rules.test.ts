import { describe, expect, test } from 'vitest'
import { pathRules } from '../../../../../src/edge/worker/policies/route-rules.ts'

test('there is nothing to ask where there are no paths', () => {
  expect(pathRules([])).toBeNull()
})

describe('a path that is named', () => {
  const has = pathRules(['/health', '/a/*', '/img*'])!

  test.each(['/health', '/health?deep=/x', '/a/', '/a/b/c', '/a/?x', '/img', '/imgs/1.png'])(
    'has %s',
    (target) => {
      expect(has(target)).toBe(true)
    },
  )

  test.each([
    ...['/', '/healthy', '/health/', '/Health', '/a', '/b/a/', '*', '', '/?/health', '/x?/a/b'],
    ...['/health#', 'health'],
  ])('does not have %s', (target) => {
    expect(has(target)).toBe(false)
  })

  test.each([
    ...[
      '/a/../admin',
      '/a/%2e%2e/admin',
      '/a/.%2E/admin',
      '/a/b/../../admin',
      '/a/..',
      '/x/../a/b',
      '/./health',
    ],
    // Paths that nginx, IIS and Tomcat decode.
    ...[
      '/a/..%2fadmin',
      '/a/..%3b/admin',
      '/a/..%00/admin',
      '/a/..%20/admin',
      '/a/%252e%252e/admin',
      '/a/..%25252fadmin',
      '/a/b%252f..',
      '/a/b%2F..%2F%2e%2e%2fadmin',
      '/a/b\\..\\..\\admin',
      '/a/b%5c..%5C../admin',
      '/a/b//../../admin',
    ],
    '/a/..;/admin',
  ])('does not have %s, whatever an origin takes it for', (target) => {
    expect(has(target)).toBe(false)
  })

  test.each(['/a/.b', '/a/...', '/a/b..', '/a/b%2ec', '/a/%2f.b', '/a/b%2fc', '/a/b;c'])(
    'has %s',
    (target) => {
      expect(has(target)).toBe(true)
    },
  )

  test('is not changed by what stands in the query', () => {
    expect(has('/a/b?next=/../admin')).toBe(true)
    expect(has('/health?x=%2e%2e')).toBe(true)
  })
})
