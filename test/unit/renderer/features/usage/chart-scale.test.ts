import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { labelled, roundAbove } from '../../../../../src/renderer/features/usage/numbers.ts'

describe('the scale of a chart', () => {
  test('ends little above the highest bar, on a number of which the quarters are whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (value) => {
        const top = roundAbove(value)
        expect(top).toBeGreaterThanOrEqual(value)
        expect(top).toBeLessThanOrEqual(Math.max(4, value * 1.8 + 4))
        expect(top % 4).toBe(0)
      }),
    )
  })

  test('labels at most as many steps as there is room for, the first among them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 20 }), (count, most) => {
        const labels = labelled(count, most)
        expect(labels[0]).toBe(0)
        expect(labels.length).toBeLessThanOrEqual(most)
        expect(labels.at(-1)).toBeLessThan(count)
      }),
    )
  })
})
