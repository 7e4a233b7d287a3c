import { expect, test } from 'vitest'
import { mutantsOf } from '../../scripts/mutants.ts'

test('each operator, condition, number and truth value is changed once, and no type', () => {
  const code = 'export const f = (a: 1 | 2, b = true) => (a < 3 && b ? a + 1 : 0)\n'
  const mutated = mutantsOf('f.ts', code).map(
    ({ start, end, text }) => code.slice(0, start) + text + code.slice(end),
  )
  expect(mutated.map((line) => line.slice(line.indexOf('='), -1)).toSorted()).toEqual(
    [
      '= (a: 1 | 2, b = false) => (a < 3 && b ? a + 1 : 0)',
      '= (a: 1 | 2, b = true) => (a <= 3 && b ? a + 1 : 0)',
      '= (a: 1 | 2, b = true) => (a < (3 * 100 + 1) && b ? a + 1 : 0)',
      '= (a: 1 | 2, b = true) => (a < 3 || b ? a + 1 : 0)',
      '= (a: 1 | 2, b = true) => (true ? a + 1 : 0)',
      '= (a: 1 | 2, b = true) => (false ? a + 1 : 0)',
      '= (a: 1 | 2, b = true) => (a < 3 && b ? a - 1 : 0)',
      '= (a: 1 | 2, b = true) => (a < 3 && b ? a + (1 * 100 + 1) : 0)',
      '= (a: 1 | 2, b = true) => (a < 3 && b ? a + 1 : (0 * 100 + 1))',
    ].toSorted(),
  )
})
