import { describe, expect, test } from 'vitest'
import { isLocalhost, resolvableHost } from '../../../src/domain/localhost.ts'

describe('a name below localhost', () => {
  test('is this computer, and no other name is', () => {
    expect(['localhost', 'shop.localhost'].every(isLocalhost)).toBe(true)
    expect(['shop.test', 'notlocalhost', 'localhost.test'].some(isLocalhost)).toBe(false)
  })

  test('is looked up as localhost, in any case', () => {
    expect(['localhost', 'Shop.LocalHost', 'shop.test', '127.0.0.1'].map(resolvableHost)).toEqual([
      'localhost',
      'localhost',
      'shop.test',
      '127.0.0.1',
    ])
  })
})
