import { describe, expect, test } from 'vitest'
import { inPairs, shortHex } from '../../../../../src/renderer/ui/primitives/hex.tsx'

describe('a fingerprint in words', () => {
  test('is in pairs when it is whole', () => {
    expect(inPairs('3fa20b')).toBe('3f:a2:0b')
  })
  test('has its first and last eight digits when it is short', () => {
    expect(shortHex(`01234567${'e'.repeat(48)}89abcdef`)).toBe('01234567…89abcdef')
  })
  test('is not shortened where that saves nothing', () => {
    expect(shortHex('03fa12')).toBe('03fa12')
  })
})
