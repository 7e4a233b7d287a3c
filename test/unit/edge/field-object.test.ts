import { expect, test } from 'vitest'
import { fieldObject } from '../../../src/engine/edge/headers.ts'

test('fields with names that every object has are fields like others', () => {
  const fields = fieldObject(['__proto__', 'a', 'constructor', 'b', 'x-count', '1', 'constructor', 'c'])
  expect(Object.entries(fields)).toEqual([
    ['__proto__', 'a'],
    ['constructor', ['b', 'c']],
    ['x-count', '1'],
  ])
})
