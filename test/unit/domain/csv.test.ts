import { expect, test } from 'vitest'
import { csvLine } from '../../../src/domain/csv.ts'

test('quotes commas, quotes and line breaks', () => {
  expect(csvLine(['plain', 'a,b', 'say "no"', 'two\r\nlines', ''])).toBe(
    'plain,"a,b","say ""no""","two\r\nlines",',
  )
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('makes no formula of %j', (value) => {
  expect(csvLine([value])).toBe(`'${value}`)
})

test('makes no formula of a quoted value', () => {
  expect(csvLine(['=HYPERLINK("http://x.test","y")'])).toBe(`"'=HYPERLINK(""http://x.test"",""y"")"`)
})

test('leaves numbers, and text that is no formula', () => {
  expect(csvLine([-1, 'a=1', '*.shop.test'])).toBe('-1,a=1,*.shop.test')
})
