import { describe, expect, test } from 'vitest'
import type { HeaderRule } from '../../../../../src/contract/domains/header-rules.ts'
import {
  applyToFields,
  applyToLines,
  fieldRules,
  trailersUnderFieldRules,
} from '../../../../../src/edge/worker/policies/field-rules.ts'

const rules: HeaderRule[] = [
  { on: 'request', action: 'set', name: 'X-One', value: 'set' },
  { on: 'response', action: 'drop', name: 'Server', value: '' },
  { on: 'request', action: 'add', name: 'X-Two', value: 'added' },
  { on: 'request', action: 'drop', name: 'Cookie', value: '' },
]
const onRequest = fieldRules(rules, 'request')!

describe('rules for header fields', () => {
  test('are those of one direction, and null where it has none', () => {
    expect(onRequest.map(({ action, name }) => `${action} ${name}`)).toEqual([
      ...['set X-One', 'add X-Two', 'drop Cookie'],
    ])
    expect(fieldRules(rules, 'response')).toHaveLength(1)
    expect(fieldRules(rules.slice(0, 1), 'response')).toBeNull()
    expect(fieldRules([], 'request')).toBeNull()
  })

  test('set in place of all that have the name, add beside them, and drop all of them', () => {
    const given = ['x-one', 'a', 'COOKIE', 'b', 'x-two', 'c', 'X-ONE', 'd', 'cookie', 'e', 'host', 'f']
    const before = [...given]
    expect(applyToFields(onRequest, given)).toEqual([
      ...['x-two', 'c', 'host', 'f', 'X-One', 'set', 'X-Two', 'added'],
    ])
    expect(given).toEqual(before)
  })

  test('apply one after the other, so that the last one counts', () => {
    const both = fieldRules(
      [
        { on: 'request', action: 'add', name: 'X', value: '1' },
        { on: 'request', action: 'set', name: 'x', value: '2' },
        { on: 'request', action: 'add', name: 'X', value: '3' },
      ],
      'request',
    )!
    expect(applyToFields(both, [])).toEqual(['x', '2', 'X', '3'])
  })

  test('drop and replace what an application takes for the field, and leave trailers without it', () => {
    const alike = ['X_One', 'a', 'x.one', 'b', 'Cook-ie', 'c', 'X.Two', 'd', 'X-One-', 'e']
    const left = ['Cook-ie', 'c', 'X.Two', 'd', 'X-One-', 'e']
    expect(applyToFields(onRequest, alike)).toEqual([...left, 'X-One', 'set', 'X-Two', 'added'])
    expect(trailersUnderFieldRules(onRequest, alike)).toEqual(left)
    const written = fieldRules([{ on: 'request', action: 'drop', name: 'X.User', value: '' }], 'request')!
    expect(applyToFields(written, ['X-User', 'a', 'x_user', 'b'])).toEqual([])
  })

  test('do the same to lines of HTTP/1.1', () => {
    expect(applyToLines(onRequest, 'Accept: */*\r\nX-ONE: a\r\ncookie: b: c\r\nx-time: 12:30\r\n')).toBe(
      'Accept: */*\r\nx-time: 12:30\r\nX-One: set\r\nX-Two: added\r\n',
    )
    expect(applyToLines(onRequest, '')).toBe('X-One: set\r\nX-Two: added\r\n')
  })
})
