import { expect, test } from 'vitest'
import { formatLifetime, isInLastThird, isValidNow, validityAt } from '../../../src/domain/validity.ts'

const period = { notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2026-04-01T00:00:00.000Z' }

test.each([
  ['2025-12-31T23:59:59.999Z', 'not-yet-valid'],
  ['2026-01-01T00:00:00.000Z', 'valid'],
  ['2026-03-31T23:59:59.999Z', 'valid'],
  ['2026-04-01T00:00:00.000Z', 'expired'],
] as const)('a certificate at %s is %s', (at, validity) => {
  expect(validityAt(period, new Date(at))).toBe(validity)
  expect(isValidNow(period, new Date(at))).toBe(validity === 'valid')
})

test('the last third of a lifetime of 90 days begins 30 days before its end', () => {
  expect(isInLastThird(period, new Date('2026-03-01T23:59:59Z'))).toBe(false)
  expect(isInLastThird(period, new Date('2026-03-02T00:00:00Z'))).toBe(true)
})

const start = Date.parse('2026-11-24T00:00:00Z')
const day = 86_400_000

test.each([
  [90 * day - 1000, '90 days'],
  [398 * day, '398 days'],
  [397 * day + 3_600_000 - 1000, '397 days and 1 hour'],
  [2 * 3_600_000, '2 hours'],
  [-day, '0 minutes'],
])('a validity of %i ms between its ends is %s', (length, expected) => {
  expect(formatLifetime(start, start + length)).toBe(expected)
})
