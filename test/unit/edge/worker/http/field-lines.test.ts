import { describe, expect, test } from 'vitest'
import { fieldLines, valuesInLines, withoutLines } from '../../../../../src/edge/worker/http/field-lines.ts'

describe('lines of HTTP/1.1', () => {
  const lines =
    'Authorization: Basic a\r\nX-Authorization: b\r\nx-value: authorization\r\nAUTHORIZATION: c: d\r\nempty: \r\n'

  test('give the values of one field, whatever the case of its name', () => {
    expect(valuesInLines(lines, 'authorization')).toEqual(['Basic a', 'c: d'])
    expect(valuesInLines(lines, 'empty')).toEqual([''])
    expect(valuesInLines('X-A: 1\r\nx.a: 2\r\nX_A: 3\r\nX-AB: 4\r\n', 'x-a')).toEqual(['1', '2', '3'])
    expect(valuesInLines(lines, 'b')).toEqual([])
  })

  test('lose one field, and keep the others as they are', () => {
    expect(withoutLines(lines, 'authorization')).toBe(
      'X-Authorization: b\r\nx-value: authorization\r\nempty: \r\n',
    )
    expect(withoutLines(lines, 'cookie')).toBe(lines)
  })

  test('are made of names and values, each with its end', () => {
    expect(fieldLines(['X-A', '1', 'x-b', '2'])).toBe('X-A: 1\r\nx-b: 2\r\n')
    expect(fieldLines([])).toBe('')
  })
})
