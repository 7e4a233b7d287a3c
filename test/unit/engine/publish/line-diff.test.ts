import { expect, test } from 'vitest'
import { lineDiff } from '../../../../src/engine/publish/line-diff.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}\n`).join('')

test('a diff has the changed lines and two around them', () => {
  const diff = lineDiff(numbered(9), numbered(9).replace('line 4', 'another'))
  expect(diff.split('\n')).toEqual([' line 2', ' line 3', '-line 4', '+another', ' line 5', ' line 6'])
  expect(lineDiff('same\n', 'same\n')).toBe('')
})

test('a diff of thousands of lines ends with their number', () => {
  const lines = lineDiff('', numbered(40_000)).split('\n')
  expect([lines.length, lines.at(-1)]).toEqual([2001, ' … 38000 more lines'])
})

test('a diff indents a Caddyfile by spaces', () => {
  expect(lineDiff('{\n\tbind a\n}\n', '{\n\tbind b\n}\n').split('\n')).toEqual([
    ' {',
    '-  bind a',
    '+  bind b',
    ' }',
  ])
})

test('a file of a strange server with more lines than any is not compared, and no line fills the report', () => {
  expect(lineDiff('\n'.repeat(1_000_000), 'new')).toBe('+new')
  const [removed, added] = lineDiff(`${'x'.repeat(1_000_000)}\n`, 'new\n').split('\n')
  expect([removed?.length, added]).toEqual([1001, '+new'])
})
