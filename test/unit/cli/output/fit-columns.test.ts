import { expect, test } from 'vitest'
import { fitColumns, namesCell } from '../../../../src/cli/output/fit-columns.ts'
import { table } from '../../../../src/cli/output/format.ts'

const names = Array.from({ length: 40 }, (_, at) => `app${at + 1}.example.test`)

test('a table fits into the terminal: the widest columns are cut', () => {
  const row = ['shop 2026', names.join(', '), '87 days left', 'shop.test', 'aaaaaaaaaaaaaaaa…', '']
  const header = ['NAME', 'COVERS', 'VALIDITY', 'USED BY', 'SHA-256 (START)', 'TAGS']
  const lines = table(header, [row], undefined, 80).split('\n')
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80)
  expect(lines[1]).toContain('shop 2026  app1.e')
  expect(lines[1]).toContain('…  87 days left')
  expect(table(header, [row])).toContain('app40.example.test')
})

test('a sentence in the last column stays whole', () => {
  const sentence = 'A sentence that is longer than the terminal is wide.'
  expect(table(['NAME', ''], [['shop.test', sentence]], undefined, 40)).toContain(sentence)
})

test('a terminal without a size cuts nothing', () => {
  const { columns } = process.stdout
  process.stdout.columns = 0
  try {
    expect(table(['NAME', ''], [['a.name.of.many.labels.test', 'on']])).toContain(
      'a.name.of.many.labels.test',
    )
  } finally {
    process.stdout.columns = columns
  }
})

test('columns that nothing could make fit keep a width', () => {
  expect(fitColumns([30, 30, 5], 10)).toEqual([12, 12, 5])
})

test('a cell has the first names, and says how many more there are', () => {
  expect(namesCell(names)).toBe('app1.example.test, app2.example.test and 38 more')
  expect(namesCell(names.slice(0, 2))).toBe('app1.example.test, app2.example.test')
  expect(namesCell([`${'a'.repeat(60)}.test`, 'b.test'])).toBe(`${'a'.repeat(60)}.test and 1 more`)
  expect(namesCell([])).toBe('')
  const many = Array.from({ length: 10_000 }, (_, at) => `d${at}.example.test`)
  expect(namesCell(many)).toBe('d0.example.test, d1.example.test and 9,998 more')
})
