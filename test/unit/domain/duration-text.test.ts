import { expect, test } from 'vitest'
import { formatDuration } from '../../../src/domain/duration-text.ts'

test.each([
  [0, '0.0 ms'],
  [0.38, '0.4 ms'],
  [9.97, '10 ms'],
  [340.4, '340 ms'],
  [999.4, '999 ms'],
  [999.6, '1.00 s'],
  [1270, '1.27 s'],
  [9996, '10.0 s'],
  [59_960, '1 min 0 s'],
  [250_000, '4 min 10 s'],
])('%d ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
