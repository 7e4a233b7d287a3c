import { expect, test } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import { formatSize } from '../../../../src/contract/text/format-size.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [16 * 1024 * 1024, '16.8 MB'],
  [2e15, '2000.0 TB'],
])('%i bytes are %s', (bytes, words) => {
  expect(formatSize(bytes)).toBe(words)
})

test('sizes have the decimal mark of the reader', () => {
  expect(formatSize(1_440_000, 'de')).toBe('1,4 MB')
})

test('a too large file is reported in megabytes', () => {
  const data = { place: { file: 'disk.img' }, sizeBytes: 734_003_200, limitBytes: 10_485_760 }
  const { message } = new EdgekeepError('input.too_large', data)
  expect(message).toContain('disk.img is 734.0 MB, more than the limit of 10.5 MB.')
})
