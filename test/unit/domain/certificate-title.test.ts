import { expect, test } from 'vitest'
import { certificateTitles, takenNameSentence } from '../../../src/domain/certificate-title.ts'

test('a certificate whose name is taken is told apart by its end, its issuer, and last by its fingerprint', () => {
  const certificate = {
    notAfter: '2027-12-31T23:59:59.000Z',
    issuer: String.raw`CN=Acme\, Inc. CA,O=Acme`,
    fingerprintSha256: '3fa2b1c09d8e7f60',
  }
  expect(certificateTitles('shop.test', certificate)).toEqual([
    'shop.test',
    'shop.test (until 2027-12-31)',
    'shop.test (until 2027-12-31, Acme, Inc. CA)',
    'shop.test (until 2027-12-31, 3fa2b1c09d8e)',
  ])
})

test('a certificate that did not get its name says that another has it', () => {
  expect(takenNameSentence(' shop ', 'shop (until 2027-12-31)')).toBe(
    'Another certificate is called "shop" already.',
  )
  expect(takenNameSentence(' shop ', 'shop')).toBe('')
  expect(takenNameSentence(undefined, 'shop')).toBe('')
})
