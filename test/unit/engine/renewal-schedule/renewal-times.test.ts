import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  earliestAgain,
  freshPeriod,
  mayTryAgain,
  nextAttempt,
  renewalMoment,
} from '../../../../src/engine/renewal-schedule/renewal-times.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const now = new Date('2026-11-26T12:00:00Z')
const after = (ms: number) => new Date(now.getTime() + ms).toISOString()
const validity = (lifeMs: number) => ({ notBefore: after(0), notAfter: after(lifeMs) })
const window = (start: number, end: number) => ({
  start: after(start),
  end: after(end),
  askAgainAt: after(0),
  explanationUrl: null,
})

describe('when a certificate is renewed', () => {
  test.each([
    ['six days', (160 / 24) * dayMs],
    ['47 days', 47 * dayMs],
    ['397 days', 397 * dayMs],
    ['an hour', hourMs],
  ])(
    'is at two thirds of its life, a thirtieth earlier at most, where the authority names no window: %s',
    (_life, lifeMs) => {
      fc.assert(
        fc.property(fc.string(), (id) => {
          const part = (renewalMoment(id, validity(lifeMs), null).getTime() - now.getTime()) / lifeMs
          expect(part).toBeGreaterThan(2 / 3 - 1 / 30 - 0.001)
          expect(part).toBeLessThanOrEqual(2 / 3)
        }),
      )
    },
  )

  test('is spread out, and the same each time one asks', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `certificate ${index}`)
    const moments = ids.map((id) => renewalMoment(id, validity(90 * dayMs), null).getTime())
    expect(ids.map((id) => renewalMoment(id, validity(90 * dayMs), null).getTime())).toEqual(moments)
    const spreadMs = Math.max(...moments) - Math.min(...moments)
    expect(spreadMs).toBeGreaterThan(2.5 * dayMs)
    // No tenth of that time has more than twice its share.
    const first = Math.min(...moments)
    const tenths = Map.groupBy(moments, (moment) =>
      Math.min(9, Math.floor(((moment - first) / spreadMs) * 10)),
    )
    for (const share of tenths.values()) expect(share.length).toBeLessThan(200)
  })

  test('is a moment of the authority’s window, also one that was moved up to the past', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -30, max: 50 }), (id, day) => {
        const moment = renewalMoment(
          id,
          validity(90 * dayMs),
          window(day * dayMs, (day + 2) * dayMs),
        ).getTime()
        expect(moment).toBeGreaterThanOrEqual(now.getTime() + day * dayMs)
        expect(moment).toBeLessThan(now.getTime() + (day + 2) * dayMs)
      }),
    )
  })

  test.each([
    ['90 days', 90 * dayMs, 6 * hourMs, 42 * hourMs],
    ['an hour', hourMs, 6 * 60_000, 20 * 60_000],
  ])('is hours after one that made it, of %s', (_life, lifeMs, byWindowMs, byLifetimeMs) => {
    const past = window(-2 * dayMs, -dayMs)
    expect(earliestAgain(after(0), validity(lifeMs), past).getTime()).toBe(now.getTime() + byWindowMs)
    expect(earliestAgain(after(0), validity(lifeMs), null).getTime()).toBe(now.getTime() + byLifetimeMs)
  })

  test('leaves time to try again, whatever the window says', () => {
    const late = renewalMoment('one', validity(90 * dayMs), window(100 * dayMs, 101 * dayMs))
    expect(late.getTime()).toBe(now.getTime() + 85.5 * dayMs)
  })
})

test.each([
  ['397 days', 397 * dayMs, 12 * hourMs],
  ['six days', 6 * dayMs, 12 * hourMs],
  ['two hours', 2 * hourMs, 0.2 * hourMs],
])('a local certificate of %s is in its last hours for so long', (_life, lifeMs, lastMs) => {
  expect(freshPeriod(validity(lifeMs))).toEqual({
    from: now.getTime(),
    until: now.getTime() + lifeMs - lastMs,
  })
})

describe('the next attempt', () => {
  /** Moments of the attempts from the first failure on, in hours. */
  function attempts(count: number, of: Partial<Parameters<typeof nextAttempt>[1]> = {}): number[] {
    let at = now
    return Array.from({ length: count }, (_, failures) => {
      const told = (at.getTime() - now.getTime()) / hourMs
      at = nextAttempt(failures + 1, { now: at, retryAt: null, isLocal: false, wasIssued: false, ...of })
      return told
    })
  }

  test('comes after an hour, and ever later, up to a day', () => {
    expect(attempts(9)).toEqual([0, 1, 3, 7, 15, 31, 55, 79, 103])
    expect(attempts(1000).at(-1)).toBeLessThan(1000 * 24)
  })

  test('meets no limit on failed validations: five of a name in an hour', () => {
    const all = attempts(50)
    for (const from of all)
      expect(all.filter((at) => at >= from && at < from + 1).length).toBeLessThanOrEqual(1)
  })

  test('meets no limit on the same names, five in seven days, where the certificate came and could not be used', () => {
    const all = attempts(50, { wasIssued: true })
    for (const from of all)
      expect(all.filter((at) => at >= from && at < from + 7 * 24).length).toBeLessThanOrEqual(5)
  })

  test('is never before what the authority said', () => {
    const retryAt = after(48 * hourMs)
    expect(nextAttempt(1, { now, retryAt, isLocal: false, wasIssued: false }).toISOString()).toBe(retryAt)
    const soon = nextAttempt(1, { now, retryAt: after(1000), isLocal: false, wasIssued: false })
    expect(soon.toISOString()).toBe(after(hourMs))
  })

  test('comes after a minute at the local authority, which has no rate limits', () => {
    expect(attempts(3, { isLocal: true })[1]).toBeCloseTo(1 / 60)
  })
})

describe('a failed attempt', () => {
  const failed = (at: string, notBefore: string) => ({
    notBefore,
    lastAttempt: { at, ok: false, code: 'acme.unreachable', summary: '' },
  })

  test('is followed by another when its moment has come', () => {
    expect(mayTryAgain(failed(after(-hourMs), after(1)), now)).toBe(false)
    expect(mayTryAgain(failed(after(-hourMs), after(0)), now)).toBe(true)
  })

  test('holds nothing up when it lies in the future', () => {
    expect(mayTryAgain(failed(after(1), after(hourMs)), now)).toBe(true)
  })

  test('holds up no longer than the longest limit of an authority', () => {
    const far = nextAttempt(1, { now, retryAt: after(90 * dayMs), isLocal: false, wasIssued: false })
    expect(far.toISOString()).toBe(after(8 * dayMs))
    expect(mayTryAgain(failed(after(0), after(8 * dayMs)), now)).toBe(false)
    expect(mayTryAgain(failed(after(0), after(9 * dayMs)), now)).toBe(true)
  })
})
