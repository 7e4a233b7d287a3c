import { describe, expect, test } from 'vitest'
import {
  costInWords,
  durationInWords,
  numberInWords,
  sizeInWords,
} from '../../../../../src/renderer/features/usage/numbers.ts'

describe('numbers of usage', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1_440_000, '1.4 MB'],
    [3.2e15, '3,200 TB'],
  ])('%d bytes are %s', (bytes, words) => {
    expect(sizeInWords(bytes, 'en')).toBe(words)
  })

  test.each([
    [0.84, '0.8 ms'],
    [42.4, '42 ms'],
    [1000, '1 s'],
    [61_500, '62 s'],
  ])('%d milliseconds are %s', (milliseconds, words) => {
    expect(durationInWords(milliseconds, 'en')).toBe(words)
  })

  test('cost what their price says, and show a small sum', () => {
    expect(costInWords(80_000, { per10000: 0.05, currency: 'EUR' }, 'en')).toBe('€0.40')
    expect(costInWords(20, { per10000: 0.5, currency: 'EUR' }, 'en')).toBe('€0.001')
    expect(costInWords(10_000, { per10000: 1200, currency: 'JPY' }, 'en')).toBe('¥1,200')
  })

  test('are shortened where there is little room', () => {
    expect(numberInWords(1_234_567, 'en')).toBe('1,234,567')
    expect(numberInWords(1_234_567, 'en', true)).toBe('1.2M')
  })
})
