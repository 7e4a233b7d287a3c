import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addLatency,
  bucketOf,
  bucketStart,
  quantileMs,
  type Latency,
} from '../../../../src/edge/protocol/latency.ts'

function histogramOf(microseconds: number[]): Latency {
  const latency: Latency = new Map()
  for (const value of microseconds) addLatency(latency, [[bucketOf(value), 1]])
  return latency
}

const times = fc.array(fc.integer({ min: 1, max: 60_000_000 }), { minLength: 1, maxLength: 200 })

describe('a histogram of times', () => {
  test('has a bucket for each, no wider than a sixteenth of where it begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (value) => {
        const bucket = bucketOf(value)
        const [start, end] = [bucketStart(bucket), bucketStart(bucket + 1)]
        expect(value).toBeGreaterThanOrEqual(start)
        expect(value).toBeLessThan(end)
        expect(end - start).toBeLessThanOrEqual(Math.max(1, start / 16))
      }),
    )
  })

  test('counts longer times in its last bucket', () => {
    expect(bucketOf(1e12)).toBe(bucketOf(0xffff_ffff))
  })

  test('knows every quantile to within 3 %', () => {
    fc.assert(
      fc.property(times, fc.constantFrom(0.5, 0.9, 0.99), (all, share) => {
        const exact = all.toSorted((a, b) => a - b)[Math.ceil(all.length * share) - 1]!
        const told = quantileMs(histogramOf(all), share)! * 1000
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(Math.max(0.5, exact / 32 + 0.5))
      }),
    )
  })

  test('is the same whether it was counted in one piece or put together', () => {
    fc.assert(
      fc.property(times, times, (some, others) => {
        const merged = histogramOf(some)
        addLatency(merged, histogramOf(others))
        const whole = histogramOf([...some, ...others])
        expect(merged).toEqual(whole)
      }),
    )
  })

  test('has no quantile where it is empty', () => {
    expect(quantileMs(new Map(), 0.5)).toBeNull()
  })
})
