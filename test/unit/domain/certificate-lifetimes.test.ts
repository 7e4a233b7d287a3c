import { expect, test } from 'vitest'
import { formatLifetime } from '../../../src/domain/certificate-lifetimes.ts'

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
