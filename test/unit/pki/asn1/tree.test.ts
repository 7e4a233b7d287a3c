import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asn1PartSchema, type Asn1Element } from '../../../../src/contract/inspect/asn1.ts'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import { asn1Part } from '../../../../src/pki/asn1/tree.ts'
import { makeChain } from '../../../support/pki/certificate-maker.ts'
import * as der from '../../../support/pki/der-writer.ts'

const { leaf } = makeChain()

function flat(element: Asn1Element): Asn1Element[] {
  return [element, ...(element.children ?? []).flatMap(flat)]
}

describe('the ASN.1 of a structure', () => {
  const whole = asn1PartSchema.parse(asn1Part(leaf.der, { depth: 24 }))

  test('covers it to the last byte', () => {
    expect(whole).toMatchObject({ sizeBytes: leaf.der.length, element: { offset: 0, tag: 'SEQUENCE' } })
    expect(whole.element.headerLength + whole.element.length).toBe(leaf.der.length)
    expect(whole.hex).toBe(Buffer.from(leaf.der).toString('hex'))
  })

  test('says of each element where it stands, so that its bytes are found there', () => {
    for (const { offset, headerLength, length } of flat(whole.element)) {
      const again = asn1Part(leaf.der, { offset, depth: 0 })
      expect(again.element).toMatchObject({ offset, headerLength, length })
      expect(again.hex.length).toBe(2 * (headerLength + length))
    }
  })

  test('comes in parts: deeper levels are marked as more', () => {
    const { element } = asn1Part(leaf.der, { depth: 1 })
    const [tbs] = element.children!
    expect(tbs).toMatchObject({ constructed: true })
    expect(tbs?.children).toBeUndefined()
    const part = asn1Part(leaf.der, { offset: tbs!.offset, depth: 24 })
    expect(part.element).toEqual(flat(whole.element).find(({ offset }) => offset === tbs!.offset))
  })

  test('opens strings of bits and octets that hold more of it', () => {
    const inner = der.sequence(der.integer(5))
    const { element } = asn1Part(
      der.sequence(der.bitString(inner), der.octetString(inner), der.octetString(Buffer.of(1))),
    )
    expect(element.children?.map(({ constructed }) => constructed)).toEqual([true, true, false])
    expect(element.children?.[0]?.children?.[0]).toMatchObject({ offset: 5, children: [{ value: '5' }] })
  })

  test('is bounded, however much there is', () => {
    const many = der.sequence(...Array.from({ length: 5000 }, () => der.integer(1)))
    const { element } = asn1Part(many, { depth: 24 })
    expect(flat(element).length).toBeLessThanOrEqual(601)
    expect(asn1Part(many).shownBytes).toBe(4096)
  })

  test('is refused with a code where no element begins', () => {
    expect(() => asn1Part(leaf.der, { offset: leaf.der.length + 5 })).toThrow(
      'No ASN.1 element begins at byte',
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(220), (bytes, offset) => {
        try {
          asn1Part(bytes, { offset, depth: 24 })
        } catch (error) {
          expect(error).toBeInstanceOf(EdgekeepError)
        }
      }),
    )
  })
})
