import { expect, test } from 'vitest'
import { tags } from '../../../../src/pki/asn1/der.ts'
import { lintRules } from '../../../../src/pki/lint/lint.ts'
import { lintSubject, type LintSubject } from '../../../../src/pki/lint/subject.ts'
import { publicIntermediate, publicLeaf, publicRoot } from '../../../support/pki/public-certificate.ts'
import { makeKeys } from '../../../support/pki/certificate-maker.ts'

const root = publicRoot()
const good: LintSubject = {
  ...lintSubject(publicLeaf(publicIntermediate(root)).der),
  role: 'leaf',
  scope: 'public',
}

/** Verdict of a rule on a good certificate with one change. */
function says(id: string, change: Partial<LintSubject>): string | undefined {
  return lintRules.find((rule) => rule.id === id)?.check({ ...good, ...change }) || undefined
}

test('a date of this half of the century has to be UTCTime, and a later one GeneralizedTime', () => {
  const generalized = { ...good.notAfter, tag: tags.generalizedTime }
  expect(says('validity.encoding', {})).toBeUndefined()
  expect(says('validity.encoding', { notAfter: generalized })).toMatch(/other half of the century/)
  const later = { ...good.parsed, notAfter: Date.UTC(2051, 0, 1) }
  expect(says('validity.encoding', { parsed: later })).toMatch(/other half of the century/)
  expect(says('validity.encoding', { parsed: later, notAfter: generalized })).toBeUndefined()
})

test('the algorithm outside has to be the one inside', () => {
  const rsaSigned = lintSubject(publicLeaf({ ...root, keys: makeKeys('rsa') }).der)
  expect(says('structure.algorithms_differ', {})).toBeUndefined()
  expect(says('structure.algorithms_differ', { outerAlgorithm: rsaSigned.outerAlgorithm })).toBeDefined()
})

test('a unique identifier and a negative serial number are found', () => {
  expect(says('structure.unique_identifier', { hasUniqueIdentifier: true })).toBeDefined()
  const negative = { ...good.parsed, serial: Uint8Array.of(0x80, 1) }
  expect(says('serial.negative', { parsed: negative })).toBe('Its serial number is negative.')
})
