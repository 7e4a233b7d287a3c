import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { csvOf } from '../../../src/domain/csv.ts'

test('a table as CSV is read back as it was, with an apostrophe before what would be a formula', () => {
  const cells = [
    'plain',
    'a "quoted", cell',
    'two\nlines',
    '=HYPERLINK("http://a.test")',
    '@SUM(1)',
    '-2',
    '+1',
    '\ttab',
  ]
  const [, row] = parse(csvOf(cells.map(String), [cells])) as string[][]
  expect(row).toEqual([...cells.slice(0, 3), ...cells.slice(3).map((cell) => `'${cell}`)])
})
