import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coveringName, nameChanges } from '../../../src/domain/covered-names.ts'

const dns = (...names: string[]) => ({ dns: names, ip: [] })
const covers = (names: string[], host: string) => coveringName(dns(...names), host) !== undefined

describe('whether a certificate covers a host', () => {
  test('a wildcard stands for exactly one label', () => {
    expect(coveringName(dns('*.shop.test'), 'www.shop.test')).toBe('*.shop.test')
    expect(covers(['*.shop.test'], 'a.b.shop.test')).toBe(false)
    expect(covers(['*.shop.test'], 'shop.test')).toBe(false)
  })

  test('a wildcard domain needs the same wildcard', () => {
    expect(covers(['*.shop.test'], '*.shop.test')).toBe(true)
    expect(covers(['www.shop.test'], '*.shop.test')).toBe(false)
    expect(covers(['*.test.example'], '*.a.test.example')).toBe(false)
  })

  test('a wildcard right under a top-level domain stands for nothing', () => {
    expect(covers(['*.test'], 'shop.test')).toBe(false)
    expect(covers(['*.test'], '*.test')).toBe(false)
  })

  test('names compare without case, and addresses among the addresses alone', () => {
    expect(covers(['SHOP.test'], 'shop.test')).toBe(true)
    expect(covers(['127.0.0.1'], '127.0.0.1')).toBe(false)
    expect(coveringName({ dns: [], ip: ['10.0.0.1'] }, '10.0.0.1')).toBe('10.0.0.1')
    expect(coveringName({ dns: [], ip: ['2001:DB8:0:0::1'] }, '2001:db8::1')).toBe('2001:DB8:0:0::1')
    expect(coveringName({ dns: [], ip: ['fe80::1'] }, 'fe80::1%eth0')).toBeUndefined()
  })
})

describe('the names that a swap loses and gains', () => {
  test('a name that the new wildcard covers is not lost', () => {
    expect(nameChanges(dns('www.shop.test'), dns('*.shop.test'))).toEqual({
      lost: [],
      gained: ['*.shop.test'],
      kept: ['www.shop.test'],
    })
  })

  test('a wildcard is lost where only one of its names stays, which is none that is gained', () => {
    expect(nameChanges(dns('*.shop.test'), dns('www.shop.test'))).toEqual({
      lost: ['*.shop.test'],
      gained: [],
      kept: [],
    })
  })

  test('spelling is no change, and an address is one as any name', () => {
    const before = { dns: ['Shop.test', 'shop.test'], ip: ['::1', '10.0.0.1'] }
    expect(nameChanges(before, { dns: ['shop.TEST'], ip: ['0:0::1'] })).toEqual({
      lost: ['10.0.0.1'],
      gained: [],
      kept: ['shop.test', '::1'],
    })
  })

  test('a name that no client compares is kept by itself alone', () => {
    expect(nameChanges(dns('a_b.test', '*.test'), dns('a_b.test', '*.test'))).toMatchObject({
      lost: [],
      gained: [],
    })
    expect(nameChanges(dns('a_b.test'), dns('c.test'))).toMatchObject({ lost: ['a_b.test'] })
  })

  test('nothing changes for what stays the same, and every name before is lost or kept', () => {
    const label = fc.constantFrom('*', 'a', 'b', 'shop')
    const names = fc.array(
      fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => `${labels.join('.')}.test`),
    )
    fc.assert(
      fc.property(names, names, (before, after) => {
        expect(nameChanges(dns(...before), dns(...before))).toMatchObject({ lost: [], gained: [] })
        const { lost, kept } = nameChanges(dns(...before), dns(...after))
        expect([...lost, ...kept].toSorted()).toEqual([...new Set(before)].toSorted())
      }),
    )
  })
})
