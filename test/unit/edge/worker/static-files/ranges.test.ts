import { describe, expect, test } from 'vitest'
import { parseRanges } from '../../../../../src/edge/worker/static-files/ranges.ts'

/** Formats ranges of ten bytes as `first-end`, end excluded. */
const of = (field: string | undefined, size = 10) => {
  const ranges = parseRanges(field, size)
  return Array.isArray(ranges) ? ranges.map(({ from, to }) => `${from}-${to}`).join(' ') : ranges
}

describe('the ranges of ten bytes', () => {
  test.each([
    ['bytes=0-0', '0-1'],
    ['bytes=2-4', '2-5'],
    ['Bytes = 0-1', 'whole'],
    ['BYTES=0-1', '0-2'],
    ['bytes=5-', '5-10'],
    ['bytes=9-9', '9-10'],
    ['bytes=5-999', '5-10'],
    ['bytes=-1', '9-10'],
    ['bytes=-10', '0-10'],
    ['bytes=-11', '0-10'],
    [' bytes=0-1, 3-4 ', '0-2 3-5'],
    ['bytes=5-6,0-1', '5-7 0-2'],
    // Satisfiable ranges are sent, others ignored.
    ['bytes=10-,0-1', '0-2'],
  ])('%s are %s', (field, ranges) => {
    expect(of(field)).toBe(ranges)
  })

  test.each(['bytes=10-', 'bytes=10-11', 'bytes=-0', 'bytes=999999999999999-'])(
    '%s lie behind the end',
    (field) => {
      expect(of(field)).toBe('unsatisfiable')
    },
  )

  test.each([
    ...[
      'bytes=',
      'bytes=-',
      'bytes=2-1',
      'bytes=a-b',
      'bytes=0-1-2',
      'bytes=0 -1',
      'bytes=0-1,',
      'bytes=0-1,x',
    ],
    ...['items=0-1', 'bytes=1', 'bytes=-9999999999999999', 'x bytes=0-1', ''],
  ])('%s are none, and the whole is sent', (field) => {
    expect(of(field)).toBe('whole')
  })

  test('are absent without a field', () => {
    expect(of(undefined)).toBe('whole')
  })

  test('multiply nothing: what overlaps to more than the whole is sent as the whole', () => {
    expect(of('bytes=0-9')).toBe('0-10')
    expect(of('bytes=0-4,4-8')).toBe('0-5 4-9')
    expect(of('bytes=0-9,0-0')).toBe('whole')
    expect(of(`bytes=${Array(16).fill('0-9').join(',')}`)).toBe('whole')
  })

  test('are sixteen at most', () => {
    const some = (count: number) =>
      `bytes=${Array.from({ length: count }, (_, at) => `${at}-${at}`).join(',')}`
    expect(parseRanges(some(16), 100)).toHaveLength(16)
    expect(parseRanges(some(17), 100)).toBe('whole')
  })
})

test('an empty file has no range', () => {
  for (const field of ['bytes=0-', 'bytes=0-0', 'bytes=-1']) expect(of(field, 0)).toBe('unsatisfiable')
})
