import { describe, expect, test } from 'vitest'
import { defaultLimits } from '../../../../../src/edge/worker/limits/limits.ts'
import { ClientPace } from '../../../../../src/edge/worker/limits/pace.ts'

const limits = {
  ...defaultLimits,
  bodyPauseMs: 10_000,
  contendedBodyMs: 1_000,
  writeStallMs: 60_000,
  contendedStallMs: 4_000,
}
const rate = 100

function paceAt(now: number): ClientPace {
  const pace = new ClientPace(limits)
  pace.begin()
  pace.awaitBody(now)
  return pace
}

describe('a client without anything due', () => {
  test('is never late', () => {
    const pace = new ClientPace(limits)
    const isIdle = () => expect([pace.judge(9e9, true), pace.deadlineAt]).toEqual(['nothing due', Infinity])
    isIdle()
    pace.bodyCame(1e9, 1, rate)
    isIdle()
    pace.pauseBody(2e9)
    isIdle()
    pace.taken(3e9, rate)
    isIdle()
    pace.awaitBody(4e9)
    expect(pace.deadlineAt).toBe(4e9 + 1_000)
  })
})

describe('a body', () => {
  test('is late when nothing came for the longest pause, earlier where others wait', () => {
    const pace = paceAt(0)
    expect(pace.deadlineAt).toBe(1_000)
    expect([pace.judge(999, true), pace.judge(9_999, false)]).toEqual(['waiting', 'waiting'])
    expect([pace.judge(1_000, true), pace.judge(10_000, false)]).toEqual(['request late', 'request late'])
  })

  test('has all of its time again after bytes that came in theirs', () => {
    const pace = paceAt(0)
    pace.bodyCame(900, 90, rate)
    expect(pace.deadlineAt).toBe(1_900)
    expect([pace.judge(1_899, true), pace.judge(1_900, true)]).toEqual(['waiting', 'request late'])
  })

  test('is late by the time that its trickling bytes did not earn', () => {
    const pace = paceAt(0)
    for (let second = 1; second <= 11; second += 1) pace.bodyCame(second * 900, 9, rate)
    // 11 times 900 ms less the 90 ms that 9 bytes may take.
    expect(pace.deadlineAt).toBe(9_900 + 1_000 - 11 * 810)
    expect([pace.judge(10_989, false), pace.judge(10_990, false)]).toEqual(['waiting', 'request late'])
  })

  test('has no credit from a fast beginning for a slow end', () => {
    const pace = paceAt(0)
    pace.bodyCame(1, 1_000_000, rate)
    expect([pace.deadlineAt, pace.judge(10_001, false)]).toEqual([1_001, 'request late'])
  })

  test('makes up for a pause by what comes after it', () => {
    const pace = paceAt(0)
    pace.bodyCame(9_000, 10, rate)
    expect(pace.judge(10_100, false)).toBe('request late')
    pace.bodyCame(9_500, 1_000, rate)
    expect(pace.judge(19_499, false)).toBe('waiting')
  })

  test('is kept up by any byte if there is no minimum rate', () => {
    const pace = paceAt(0)
    pace.bodyCame(9_999, 1, 0)
    expect(pace.deadlineAt).toBe(10_999)
    pace.bodyCame(19_998, 0, 0)
    expect(pace.deadlineAt).toBe(20_998)
  })

  test('has the time that its bytes may take at one byte a second', () => {
    const pace = paceAt(0)
    pace.bodyCame(3_000, 2, 1)
    expect(pace.deadlineAt).toBe(3_000)
  })

  test('costs no time while the origin does not take it, and what it was behind stays', () => {
    const pace = paceAt(0)
    pace.pauseBody(600)
    pace.pauseBody(5_000)
    expect([pace.judge(1e6, true), pace.deadlineAt]).toEqual(['nothing due', Infinity])
    pace.awaitBody(50_000)
    pace.awaitBody(50_300)
    expect(pace.deadlineAt).toBe(50_400)
    expect([pace.judge(50_399, true), pace.judge(50_400, true)]).toEqual(['waiting', 'request late'])
  })

  test('counts as usual if it was awaited when the clock began', () => {
    const pace = paceAt(0)
    pace.bodyCame(0, 1, rate)
    expect(pace.judge(10_000, false)).toBe('request late')
  })

  test('begins anew with the next request', () => {
    const pace = paceAt(0)
    pace.bodyCame(900, 1, rate)
    pace.awaitTaking(900, 1)
    pace.begin()
    expect([pace.judge(1e6, true), pace.deadlineAt]).toEqual(['nothing due', Infinity])
    pace.awaitBody(1_000)
    expect(pace.deadlineAt).toBe(2_000)
  })
})

describe('a response', () => {
  const taking = (now: number, bytes: number) => {
    const pace = new ClientPace(limits)
    pace.begin()
    pace.awaitTaking(now, bytes)
    return pace
  }

  test('is late when nothing of it was taken for so long, earlier where others wait', () => {
    const pace = taking(0, 100)
    expect(pace.deadlineAt).toBe(4_000)
    expect([pace.judge(3_999, true), pace.judge(59_999, false)]).toEqual(['waiting', 'waiting'])
    expect([pace.judge(4_000, true), pace.judge(60_000, false)]).toEqual(['response late', 'response late'])
  })

  test('is behind by what its bytes did not earn, over all its parts', () => {
    const pace = taking(0, 100)
    pace.taken(3_000, rate)
    expect([pace.judge(1e6, true), pace.deadlineAt]).toEqual(['nothing due', Infinity])
    pace.awaitTaking(10_000, 100)
    expect(pace.deadlineAt).toBe(12_000)
    expect([pace.judge(11_999, true), pace.judge(12_000, true)]).toEqual(['waiting', 'response late'])
  })

  test('counts from the first bytes that were not taken, with all of them', () => {
    const pace = taking(0, 100)
    pace.awaitTaking(3_000, 300)
    pace.taken(3_500, rate)
    pace.awaitTaking(9_000, 1)
    expect(pace.deadlineAt).toBe(9_000 + 4_000 - 500)
  })

  test('is judged together with a body, whichever is late first', () => {
    const pace = taking(0, 100)
    pace.awaitBody(100)
    expect([pace.deadlineAt, pace.judge(1_100, true)]).toEqual([1_100, 'request late'])
    pace.pauseBody(200)
    expect([pace.deadlineAt, pace.judge(3_999, true)]).toEqual([4_000, 'waiting'])
    expect(pace.judge(4_000, true)).toBe('response late')
  })
})

test('no client gets more time because others wait', () => {
  const pace = new ClientPace({ ...limits, bodyPauseMs: 500, writeStallMs: 800 })
  pace.begin()
  pace.awaitTaking(0, 1)
  expect([pace.deadlineAt, pace.judge(800, true)]).toEqual([800, 'response late'])
  pace.awaitBody(0)
  expect([pace.deadlineAt, pace.judge(500, true)]).toEqual([500, 'request late'])
})
