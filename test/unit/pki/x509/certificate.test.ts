import { describe, expect, test } from 'vitest'
import { certificateOf, strictCertificateOf } from '../../../../src/pki/x509/certificate.ts'
import { ask } from '../../../support/pki/ask.ts'
import {
  extension,
  makeCertificate,
  makeKeys,
  type CertificateOptions,
} from '../../../support/pki/certificate-maker.ts'
import * as der from '../../../support/pki/der-writer.ts'

const alternativeName = '2.5.29.17'
const withNames = (...parts: Uint8Array[]): CertificateOptions => ({
  extensions: { [alternativeName]: extension(alternativeName, Buffer.concat(parts)) },
})
const names = der.sequence(der.implicit(2, Buffer.from('shop.test')))
const root = makeCertificate({ authority: true, keys: makeKeys('ed25519') })
const leafWith = (options: CertificateOptions) =>
  makeCertificate({ subject: 'a leaf', issuer: root, ...options })

describe('a decoded certificate', () => {
  test('has no fault if it keeps to the rules', () => {
    expect(certificateOf(root.der)).toMatchObject({ fault: undefined, encodingFault: undefined })
  })

  test('notes what follows after its end, and strict readers refuse it', () => {
    const long = Buffer.concat([root.der, Uint8Array.of(5, 0)])
    expect(certificateOf(long).encodingFault).toBe('something follows after the last element')
    expect(() => strictCertificateOf(long)).toThrow('something follows after the last element')
  })

  test('notes a signature that is no whole number of octets, with the rest as it is', () => {
    const bytes = Buffer.from(leafWith({}).der)
    const unusedBits = bytes.length - 65
    expect(bytes[unusedBits]).toBe(0)
    bytes[unusedBits] = 1
    expect(certificateOf(bytes)).toMatchObject({
      encodingFault: 'a bit string does not hold whole octets',
      title: 'a leaf',
    })
  })

  test.each<[string, Uint8Array[], number]>([
    ['something follows', [names, Uint8Array.of(5, 0)], 1],
    ['is not ASCII', [der.sequence(der.implicit(2, Buffer.from('schön.test')))], 1],
    ['needs an entry is empty', [der.sequence()], 0],
  ])('has the alternative names and the fault: %s', (reason, content, count) => {
    const leaf = leafWith(withNames(...content))
    const { decoded, fault, encodingFault } = certificateOf(leaf.der)
    expect(decoded.subjectAltName).toHaveLength(count)
    expect(encodingFault).toBeUndefined()
    expect(fault).toMatch(/^its extension “subject alt name” is malformed: /)
    expect(fault).toContain(reason)
    const { ok, answers } = ask({ leaf, anchors: [root], purpose: 'any' })
    expect([ok, answers.authority.code]).toEqual([false, 'malformed'])
  })

  test('has both extensions of one kind, the content of the first, and that fault', () => {
    const twice = leafWith({
      extensions: {
        [alternativeName]: Buffer.concat([
          extension(alternativeName, names),
          extension(alternativeName, der.sequence(der.implicit(2, Buffer.from('other.test')))),
        ]),
      },
    })
    const { decoded, extensions, fault } = certificateOf(twice.der)
    expect(extensions.filter(({ oid }) => oid === alternativeName)).toHaveLength(2)
    expect(decoded.subjectAltName).toEqual([{ kind: 'dns', text: 'shop.test' }])
    expect(fault).toBe(`the extension ${alternativeName} occurs twice`)
  })
})
