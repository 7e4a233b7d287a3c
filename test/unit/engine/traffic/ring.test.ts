import { describe, expect, test } from 'vitest'
import { Ring } from '../../../../src/engine/traffic/ring.ts'

function filled(capacity: number, count: number): Ring<string> {
  const ring = new Ring<string>(capacity)
  for (let number = 1; number <= count; number += 1) ring.add(`item ${number}`)
  return ring
}

describe('a ring', () => {
  test('numbers what comes from 1', () => {
    expect([...filled(5, 2).entries()]).toEqual([
      [1, 'item 1'],
      [2, 'item 2'],
    ])
  })

  test('keeps the last of many, with the numbers they had', () => {
    const ring = filled(3, 10)
    expect([...ring.entries()].map(([number]) => number)).toEqual([8, 9, 10])
    expect(ring.get(7)).toBeUndefined()
    expect(ring.get(8)).toBe('item 8')
    expect(ring.get(11)).toBeUndefined()
  })

  test('gives what came from a number on', () => {
    expect([...filled(3, 10).entries(10)]).toEqual([[10, 'item 10']])
  })

  test('is empty once cleared, and counts on', () => {
    const ring = filled(3, 10)
    ring.clear()
    expect([...ring.entries()]).toEqual([])
    expect(ring.get(10)).toBeUndefined()
    expect(ring.add('next')).toBe(11)
    expect([...ring.entries()]).toEqual([[11, 'next']])
  })
})
