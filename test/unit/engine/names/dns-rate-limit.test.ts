import { expect, test } from 'vitest'
import { createDnsRateLimit } from '../../../../src/engine/names/dns-rate-limit.ts'

let now = 0
let next = 0
/** Cycles through every value in place of real chance. */
const inTurn = () => {
  next = (next + 0.618_033_988) % 1
  return next
}
const shares = () => {
  now = 0
  return createDnsRateLimit({ eachPerSecond: 10, allPerSecond: 100 }, () => now, inTurn)
}
/** Counts the answered queries of `count`, sent by `port` and spread over `ms`. */
function answered(
  take: (port: number) => boolean,
  { count, port, ms = 1_000 }: { count: number; port: (at: number) => number; ms?: number },
): number {
  const began = now
  let found = 0
  for (let at = 0; at < count; at += 1) {
    now = began + Math.floor((at * ms) / count)
    if (take(port(at))) found += 1
  }
  now = began + ms
  return found
}

test('a port that asks without end has its share, and every other its own', () => {
  const { take } = shares()
  expect(answered(take, { count: 5_000, port: () => 7, ms: 500 })).toBe(10)
  expect(answered(take, { count: 90, port: (at) => 1_000 + at, ms: 400 })).toBe(90)
  now = 1_000
  expect(take(7)).toBe(true)
})

test('many ports together have the whole bound, spread over the second and not its first part alone', () => {
  const { take } = shares()
  const flood = { count: 2_000, port: (at: number) => 1_000 + at }
  // Nothing is known of the first second: the bound is used up early in it.
  expect(answered(take, flood)).toBe(100)
  now = 1_000
  const early = answered(take, { ...flood, count: 1_000, ms: 500 })
  const late = answered(take, { count: 1_000, port: (at) => 3_000 + at, ms: 499 })
  expect(early + late).toBeLessThanOrEqual(100)
  expect(Math.abs(early - late)).toBeLessThan(10)
})

test('after a pause all are answered again', () => {
  const { take } = shares()
  answered(take, { count: 2_000, port: (at) => 1_000 + at })
  now = 5_000
  expect(answered(take, { count: 100, port: (at) => 1_000 + at })).toBe(100)
})
