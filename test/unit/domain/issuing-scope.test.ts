import { describe, expect, test } from 'vitest'
import { localSuffixes, mostSuffixes } from '../../../src/domain/authority-scope.ts'
import { httpsCommand, issuingSuffixes, outsideScope } from '../../../src/domain/issuing-scope.ts'

describe('the scope of the local authority', () => {
  test('is the usual one before it is created', () => {
    expect(issuingSuffixes(null)).toEqual(localSuffixes)
    expect(issuingSuffixes({ suffixes: ['example.com'] })).toEqual(['example.com'])
  })

  test('decides which command turns HTTPS on', () => {
    expect(httpsCommand('shop.test', localSuffixes)).toBe('edgekeep https on shop.test --free')
    expect(httpsCommand('*.shop.example', localSuffixes)).toBe(
      "edgekeep https on '*.shop.example' --upload CERTIFICATE KEY",
    )
  })

  test('names the first name outside, and how to allow it', () => {
    const refused = outsideScope(['shop.test', 'bank.example', 'x.example'], localSuffixes)
    expect(refused?.message).toContain('"edgekeep authority allow bank.example"')
    expect(outsideScope(['shop.test', '*.a.localhost'], localSuffixes)).toBeUndefined()
  })

  test.each(['*.github.io', 'intern', 'co.uk'])(
    'does not recommend to allow %s, which is refused',
    (name) => {
      const refused = outsideScope([name], localSuffixes)
      expect(refused?.message).toMatch(/It cannot be allowed: .*Use a certificate of another authority/)
      expect(refused?.message).not.toContain('authority allow')
    },
  )

  test('does not recommend to allow more than it can hold', () => {
    const full = Array.from({ length: mostSuffixes }, (_, index) => `a${index}.example`)
    expect(outsideScope(['bank.example'], full)?.message).toContain('It cannot be allowed')
  })
})
