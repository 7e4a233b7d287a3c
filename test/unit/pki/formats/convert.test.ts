import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decodeBase64, encodeBase64Lines } from '../../../../src/pki/asn1/base64.ts'
import { chainFromPem } from '../../../../src/pki/facts/certificate.ts'
import { toP7b, toPem, toPemBytes } from '../../../../src/pki/formats/convert.ts'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { sample, sampleText } from '../../../support/pki/samples.ts'

const der = new X509Certificate(sample('rsa.crt.pem').bytes).raw

test('PEM is what OpenSSL writes, byte for byte', () => {
  expect(toPem(der)).toBe(sampleText('rsa.crt.pem'))
  expect(toPemBytes(sample('rsa.key.der').bytes, 'PRIVATE KEY').equals(sample('rsa.key.pem').bytes)).toBe(
    true,
  )
})

test('a .p7b file is what OpenSSL writes, byte for byte', () => {
  const chain = ['rsa', 'intermediate', 'root'].flatMap((name) => chainFromPem(sampleText(`${name}.crt.pem`)))
  expect(Buffer.from(toP7b(chain)).equals(Buffer.from(sample('chain.p7b.der').bytes))).toBe(true)
})

test('a .p7b file can be read back', () => {
  const { pieces } = openIntake([{ name: 'chain.p7b', bytes: toP7b([der]) }]).report
  expect(pieces.map(({ kind }) => kind)).toEqual(['archive', 'certificate'])
})

describe('base64', () => {
  test('comes out in lines and goes back in', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Buffer.alloc(length, length)
      const text = encodeBase64Lines(bytes)
      expect(text.toString().replaceAll('\n', '')).toBe(bytes.toString('base64'))
      expect(
        text
          .toString()
          .split('\n')
          .every((line) => line.length <= 64),
      ).toBe(true)
      expect(decodeBase64(text)).toEqual({ bytes })
    }
  })

  test.each([
    ['QUJD*RA=', 4, 'a character is not base64'],
    ['QUI=QUI=', 4, 'base64 goes on after its padding ("=")'],
    ['Q===', 3, 'there is more padding ("=") than base64 has'],
    ['QUJDR', 5, 'the base64 breaks off'],
    ['QUI==', 5, 'the base64 padding ("=") is wrong'],
  ])('is refused where it is wrong: %s', (text, offset, reason) => {
    expect(decodeBase64(Buffer.from(text))).toEqual({ fault: { offset, reason } })
  })
})
