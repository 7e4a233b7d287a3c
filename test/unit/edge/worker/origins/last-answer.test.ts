import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Deadlines } from '../../../../../src/edge/worker/limits/deadlines.ts'
import { LastAnswer } from '../../../../../src/edge/worker/origins/last-answer.ts'

let deadlines: Deadlines
let reports: string[]
let answer: LastAnswer

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-06-15T12:00:00Z') })
  deadlines = new Deadlines(1_000, (where) => reports.push(where))
  reports = []
  answer = new LastAnswer(deadlines, () => reports.push(answer.state().state))
})
afterEach(() => {
  deadlines.close()
  vi.useRealTimers()
})
const wait = () => vi.advanceTimersByTime(3_000)

describe('the last answer of an origin', () => {
  test('is reported at once when the origin answers first, fails and recovers', () => {
    answer.onSuccess()
    wait()
    answer.onFailure('It refuses connections')
    expect(answer.state()).toEqual({
      state: 'down',
      reason: 'It refuses connections',
      since: '2026-06-15T12:00:03.000Z',
      until: null,
    })
    wait()
    answer.onSuccess()
    expect(reports).toEqual(['up', 'down', 'up'])
  })

  test('is reported once for answers of the same kind', () => {
    for (let time = 0; time < 10; time += 1) {
      answer.onFailure('It refuses connections')
      wait()
    }
    expect(reports).toEqual(['down'])
  })

  test('is reported at most once a second, and then as it is', () => {
    for (let time = 0; time < 1_001; time += 1) {
      if (time % 2 === 0) answer.onFailure('It answers 502')
      else answer.onSuccess()
    }
    expect(reports).toEqual(['down'])
    answer.onSuccess()
    wait()
    expect(reports).toEqual(['down', 'up'])
  })

  test('never keeps a request from the origin', () => {
    answer.onFailure('It refuses connections')
    expect(answer.isUp).toBe(true)
  })
})
