import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asn1ElementSchema } from '../../../../src/contract/inspect/asn1.ts'
import { asn1Lines, readAsn1 } from '../../../../src/pki/asn1/tree.ts'
import { describeExtension } from '../../../../src/pki/facts/describe-extension.ts'
import * as der from '../../../support/pki/der-writer.ts'
import { makeExtension } from '../../../support/pki/extension.ts'

const linesOf = (bytes: Uint8Array) => asn1Lines(readAsn1(bytes) ?? [])
const described = (oid: string, value: Uint8Array) => describeExtension(makeExtension(oid, value))
const example = der.sequence(
  der.objectIdentifier('1.3.6.1.5.5.7.3.1'),
  der.integer(127),
  der.utf8('Grüße'),
  der.explicit(0, der.boolean(true), der.element(5)),
  der.octetString(der.sequence(der.integer(5))),
  der.octetString(Buffer.from('hello')),
  der.time(new Date('2026-01-02T03:04:05Z')),
)

describe('an unknown extension', () => {
  test('is shown as its elements, also within an octet string', () => {
    expect(linesOf(example)).toEqual([
      'SEQUENCE, 58 bytes',
      '  OBJECT IDENTIFIER TLS server authentication (1.3.6.1.5.5.7.3.1)',
      '  INTEGER 127',
      '  UTF8String "Grüße"',
      '  [0], 5 bytes',
      '    BOOLEAN true',
      '    NULL',
      '  OCTET STRING, 5 bytes',
      '    SEQUENCE, 3 bytes',
      '      INTEGER 5',
      '  OCTET STRING 68 65 6c 6c 6f',
      '  UTCTime 260102030405Z',
    ])
  })

  test('says where each element stands', () => {
    const [root] = readAsn1(example) ?? []
    expect(root).toMatchObject({ offset: 0, headerLength: 2, length: 58, tag: 'SEQUENCE' })
    expect(root?.children?.[1]).toEqual({
      offset: 12,
      headerLength: 2,
      length: 1,
      tag: 'INTEGER',
      value: '127',
      constructed: false,
    })
  })

  test('has its tree in the facts; one with a reader has only words', () => {
    expect(described('1.2.3', example).asn1).toEqual(readAsn1(example))
    expect(described('2.5.29.20', der.integer(7))).toEqual({ words: ['7'] })
  })

  test('shows no character that steers a terminal', () => {
    expect(linesOf(der.utf8('a\u001b[2J\n\u202eb'))).toEqual(['UTF8String "a\ufffd[2J\ufffd\ufffdb"'])
    expect(described('2.5.29.17', der.sequence(der.implicit(2, Buffer.from('a\u001b[2J')))).words).toEqual([
      'DNS a\\u001b[2J',
    ])
  })

  test('stays short with very many or very deep elements', () => {
    const nested = Array.from({ length: 400 }).reduce<Uint8Array>(
      (inner) => der.sequence(inner),
      der.integer(1),
    )
    const wide = der.sequence(...Array.from({ length: 5000 }, () => der.element(5)))
    expect(linesOf(nested).length).toBeLessThan(20)
    expect(linesOf(wide)).toHaveLength(1)
    expect(JSON.stringify(readAsn1(wide)).length).toBeLessThan(1000)
  })

  test('never throws, whatever it is', () => {
    const piece = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(Uint8Array.from(example)))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 3 }), (parts) => {
        const nodes = readAsn1(Buffer.concat(parts))
        expect(nodes === undefined || asn1ElementSchema.array().safeParse(nodes).success).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
