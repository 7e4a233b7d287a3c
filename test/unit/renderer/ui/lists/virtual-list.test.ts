import { describe, expect, test } from 'vitest'
import { rowsInView } from '../../../../../src/renderer/ui/lists/virtual-list.tsx'

describe('the rows of a long list that are in the document', () => {
  test('are those in view and a few on either side', () => {
    expect(rowsInView({ count: 5000, rowHeight: 50, scrollTop: 5000, height: 300 })).toEqual({
      first: 94,
      last: 112,
    })
  })

  test('never go beyond the list, also when it became shorter than where it was scrolled to', () => {
    expect(rowsInView({ count: 3, rowHeight: 50, scrollTop: 0, height: 300 })).toEqual({ first: 0, last: 3 })
    const { first, last } = rowsInView({ count: 3, rowHeight: 50, scrollTop: 5000, height: 300 })
    expect(last).toBeGreaterThanOrEqual(first)
  })
})
