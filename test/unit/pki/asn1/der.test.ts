import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  DerError,
  DerReader,
  readBoolean,
  readCount,
  readIntegerBytes,
  readNamedBits,
  readObjectIdentifier,
  readOne,
  readTime,
} from '../../../../src/pki/asn1/der.ts'
import * as der from '../../../support/pki/der-writer.ts'

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex')

describe('reading DER', () => {
  test.each([
    ['an indefinite length', '3080'],
    ['a length that is cut off', '3082ff'],
    ['a long form where the short would do', '30810100'],
    ['a length with a leading zero', '30820080'],
    ['an element longer than its parent', '300500'],
    ['a tag number above 30', '1f2100'],
    ['something after the element', '300000'],
    ['nothing', ''],
  ])('refuses %s', (_, hex) => {
    expect(() => readOne(bytes(hex))).toThrow(DerError)
  })

  test('refuses a boolean that is neither 00 nor ff', () => {
    expect(() => readBoolean(readOne(bytes('010101')))).toThrow(DerError)
    expect(readBoolean(readOne(bytes('0101ff')))).toBe(true)
  })

  test.each(['0200', '02020001', '0202ff80'])(
    'refuses the integer %s, which is empty or not minimal',
    (hex) => {
      expect(() => readIntegerBytes(readOne(bytes(hex)))).toThrow(DerError)
    },
  )

  test('refuses a negative count and takes a large one for very many', () => {
    expect(() => readCount(readOne(bytes('020180')))).toThrow(DerError)
    expect(readCount(readOne(der.integer(2n ** 60n)))).toBeGreaterThan(1e9)
  })

  test('reads object identifiers of any length', () => {
    for (const oid of [
      '2.5.29.17',
      '2.999.3',
      '1.2.840.113549.1.1.11',
      '2.25.329800735698586629295641978511506172918',
      '0.9.2342',
    ])
      expect(readObjectIdentifier(readOne(der.objectIdentifier(oid)))).toBe(oid)
    expect(() => readObjectIdentifier(readOne(bytes('06028001')))).toThrow(DerError)
    expect(() => readObjectIdentifier(readOne(bytes('060185')))).toThrow(DerError)
  })

  test('reads named bits with the first one first', () => {
    expect([...readNamedBits(readOne(bytes('030205a0')))]).toEqual([0, 2])
    expect(() => readNamedBits(readOne(bytes('030108')))).toThrow(DerError)
  })

  test('reads both kinds of time, as far as they exist', () => {
    for (const date of [
      '1950-01-01T00:00:00.000Z',
      '2049-12-31T23:59:59.000Z',
      '2050-01-01T00:00:00.000Z',
      '0001-02-03T04:05:06.000Z',
    ])
      expect(new Date(readTime(readOne(der.time(new Date(date))))).toISOString()).toBe(date)
    for (const text of [
      '260230000000Z',
      '2601010000Z',
      '260101000000+0000',
      '260101240000Z',
      '20260101000000.5Z',
    ])
      expect(() => readTime(readOne(der.text(text.length > 14 ? 0x18 : 0x17, text)))).toThrow(DerError)
  })

  test('ends with a value or a DerError for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
        const reader = new DerReader(octets)
        try {
          while (!reader.done) reader.next()
        } catch (error) {
          expect(error).toBeInstanceOf(DerError)
        }
      }),
    )
  })

  test('reads back its own output', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.bigInt({ min: 0n, max: 2n ** 160n }),
        (octets, number) => {
          const [first, second] = [der.octetString(octets), der.integer(number)]
          const reader = new DerReader(readOne(der.sequence(first, second), 0x30).content)
          expect(Buffer.from(reader.next(0x04).content)).toEqual(Buffer.from(octets))
          expect(BigInt(`0x${Buffer.from(readIntegerBytes(reader.next(0x02))).toString('hex')}`)).toBe(number)
          reader.end()
        },
      ),
    )
  })
})
