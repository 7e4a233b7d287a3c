import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Deadlines } from '../../../../../src/edge/worker/limits/deadlines.ts'
import { OriginHealth } from '../../../../../src/edge/worker/origins/origin-health.ts'

let deadlines: Deadlines
let changes: string[]

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-06-15T12:00:00Z') })
  deadlines = new Deadlines(1_000, (where) => changes.push(where))
  changes = []
})
afterEach(() => {
  deadlines.close()
  vi.useRealTimers()
})

const healthOf = (ejectAfter: number) =>
  new OriginHealth({ ejectAfter, check: null }, deadlines, (health) => changes.push(health.state().state))

function fail(health: OriginHealth, times: number): void {
  for (let time = 0; time < times; time += 1) health.onFailure('It refuses connections')
}

/** Seconds until the origin may be asked again; the clock ticks once a second. */
function secondsUntilUp(health: OriginHealth): number {
  let seconds = 0
  // A late check ends one tick later, after pending input was read.
  vi.advanceTimersByTime(1)
  for (; !health.isUp && seconds < 1000; seconds += 1) vi.advanceTimersByTime(1_000)
  return seconds
}

describe('an origin that fails', () => {
  test('is left alone after several failures in a row', () => {
    const health = healthOf(3)
    fail(health, 2)
    health.onSuccess()
    fail(health, 2)
    expect([health.isUp, changes]).toEqual([true, []])
    fail(health, 1)
    expect([health.isUp, changes]).toEqual([false, ['ejected']])
    expect(health.state()).toEqual({
      state: 'ejected',
      reason: 'It refuses connections',
      since: '2026-06-15T12:00:00.000Z',
      until: '2026-06-15T12:00:10.000Z',
    })
  })

  test('is never left alone where that is not wanted', () => {
    const health = healthOf(0)
    fail(health, 100)
    expect([health.isUp, changes]).toEqual([true, []])
  })

  test('is asked again on trial, and left alone for twice as long after each further failure', () => {
    const health = healthOf(3)
    fail(health, 3)
    const waits = [secondsUntilUp(health)]
    expect(health.state()).toMatchObject({ state: 'up', reason: null, until: null })
    for (let trial = 0; trial < 6; trial += 1) {
      fail(health, 1)
      waits.push(secondsUntilUp(health))
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300])
    expect(changes).toEqual(Array(7).fill(['ejected', 'up']).flat())
  })

  test('is not left alone for longer because of what was on its way', () => {
    const health = healthOf(3)
    fail(health, 8)
    expect(secondsUntilUp(health)).toBe(10)
    health.onSuccess()
    fail(health, 2)
    expect(health.isUp).toBe(true)
  })

  test('begins anew once it has answered', () => {
    const health = healthOf(2)
    fail(health, 2)
    secondsUntilUp(health)
    health.onSuccess()
    fail(health, 1)
    expect(health.isUp).toBe(true)
    fail(health, 1)
    expect(secondsUntilUp(health)).toBe(10)
  })

  test('is asked again at once where it answers meanwhile', () => {
    const health = healthOf(1)
    fail(health, 1)
    health.onSuccess()
    expect([health.isUp, health.deadlineAt, changes]).toEqual([true, Infinity, ['ejected', 'up']])
    expect(health.state()).toMatchObject({ reason: null, until: null })
    health.onSuccess()
    vi.advanceTimersByTime(60_000)
    expect(changes).toEqual(['ejected', 'up'])
  })

  test('is not looked after any more once it is closed', () => {
    const health = healthOf(1)
    fail(health, 1)
    health.close()
    vi.advanceTimersByTime(60_000)
    expect(changes).toEqual(['ejected'])
  })
})

describe('the result of a health check', () => {
  test('is reported once, with its reason, until it changes', () => {
    const health = healthOf(3)
    health.onCheck(false, null)
    for (const reason of ['It answers 500', 'It answers 503']) health.onCheck(true, reason)
    expect([health.isUp, changes]).toEqual([false, ['down']])
    expect(health.state()).toMatchObject({ state: 'down', reason: 'It answers 500', until: null })
    health.onCheck(false, null)
    health.onCheck(false, null)
    expect([health.isUp, changes]).toEqual([true, ['down', 'up']])
    expect(health.state()).toMatchObject({ state: 'up', reason: null })
  })

  test('outlasts the backoff of its origin, and ends it', () => {
    const health = healthOf(1)
    fail(health, 1)
    health.onCheck(true, 'It answers 500')
    vi.advanceTimersByTime(11_000)
    expect(health.isUp).toBe(false)
    expect(health.state()).toMatchObject({ state: 'down', reason: 'It answers 500' })
    fail(health, 1)
    expect(health.state()).toMatchObject({ state: 'down', until: null })
    vi.advanceTimersByTime(60_000)
    expect(health.state()).toMatchObject({ state: 'down', reason: 'It refuses connections', until: null })
    health.onCheck(false, null)
    expect(health.isUp).toBe(true)
    expect(health.deadlineAt).toBe(Infinity)
  })
})
