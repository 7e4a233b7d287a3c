import { describe, expect, test } from 'vitest'
import { isReached } from '../../../src/domain/reached-time.ts'

const dayMs = 86_400_000
const now = new Date('2026-11-26T12:00:00Z')
const after = (ms: number) => new Date(now.getTime() + ms).toISOString()

describe('a moment that was noted', () => {
  test('is reached when the clock is there', () => {
    expect(isReached(null, now, dayMs)).toBe(true)
    expect(isReached(after(0), now, dayMs)).toBe(true)
    expect(isReached(after(1), now, dayMs)).toBe(false)
    expect(isReached(after(dayMs), now, dayMs)).toBe(false)
  })

  test('counts as reached when it was noted under a clock that was ahead', () => {
    expect(isReached(after(dayMs + 1), now, dayMs)).toBe(true)
  })
})
