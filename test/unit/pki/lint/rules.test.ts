import { expect, test } from 'vitest'
import { tags } from '../../../../src/pki/asn1/der.ts'
import { readCertificate } from '../../../../src/pki/facts/certificate.ts'
import { lintRules, lintSubject } from '../../../../src/pki/lint/lint.ts'
import type { LintSubject } from '../../../../src/pki/lint/rule.ts'
import { type Certificate, certificateOf } from '../../../../src/pki/x509/certificate.ts'
import { publicIntermediate, publicLeaf, publicRoot } from '../../../support/pki/public-certificate.ts'
import { makeKeys } from '../../../support/pki/certificate-maker.ts'

const root = publicRoot()
const good: LintSubject = {
  ...lintSubject(readCertificate(publicLeaf(publicIntermediate(root)).der)),
  role: 'leaf',
  scope: 'public',
}

/** Verdict of a rule on a good certificate with one change. */
function says(id: string, change: Partial<LintSubject>): string | undefined {
  return lintRules.find((rule) => rule.id === id)?.check({ ...good, ...change }) || undefined
}

test('a date of this half of the century has to be UTCTime, and a later one GeneralizedTime', () => {
  const generalized: Certificate['timeTags'] = [tags.utcTime, tags.generalizedTime]
  const withEnd = (change: Partial<Certificate>) =>
    says('validity.encoding', { parsed: { ...good.parsed, ...change } })
  const notAfter = Date.UTC(2051, 0, 1)
  expect(withEnd({})).toBeUndefined()
  expect(withEnd({ timeTags: generalized })).toMatch(/other half of the century/)
  expect(withEnd({ notAfter })).toMatch(/other half of the century/)
  expect(withEnd({ notAfter, timeTags: generalized })).toBeUndefined()
})

test('the algorithm outside has to be the one inside', () => {
  const { signatureAlgorithm: outerAlgorithm } = certificateOf(
    publicLeaf({ ...root, keys: makeKeys('rsa') }).der,
  )
  expect(says('structure.algorithms_differ', {})).toBeUndefined()
  expect(says('structure.algorithms_differ', { parsed: { ...good.parsed, outerAlgorithm } })).toBeDefined()
})

test('a unique identifier and a negative serial number are found', () => {
  expect(
    says('structure.unique_identifier', { parsed: { ...good.parsed, hasUniqueIdentifier: true } }),
  ).toBeDefined()
  const negative = { ...good.parsed, serial: Uint8Array.of(0x80, 1) }
  expect(says('serial.negative', { parsed: negative })).toBe('Its serial number is negative.')
})
