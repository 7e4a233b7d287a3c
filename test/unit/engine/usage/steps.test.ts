import { afterEach, describe, expect, test, vi } from 'vitest'
import type { UsageStep } from '../../../../src/contract/usage/usage.ts'
import { nextStep, stepsBack, stepStart } from '../../../../src/engine/usage/steps.ts'

const hourMs = 3_600_000

/** Starts of the steps from `from` until before `to`; at most 200. */
function stepsBetween(step: UsageStep, from: string, to: string): string[] {
  const starts: string[] = []
  let at = stepStart(step, new Date(from))
  for (; at < new Date(to) && starts.length < 200; at = nextStep(step, at)) starts.push(at.toISOString())
  return starts
}

function hoursLong(starts: string[]): number[] {
  const times = starts.map((start) => Date.parse(start))
  return times.slice(1).map((time, at) => (time - times[at]!) / hourMs)
}

describe('steps of usage', () => {
  afterEach(() => vi.unstubAllEnvs())

  test.each([
    ['Europe/Berlin', 'the autumn change', '2026-10-24T22:00Z', '2026-10-25T23:00Z', 25],
    ['Europe/Berlin', 'the spring change', '2027-03-27T23:00Z', '2027-03-28T22:00Z', 23],
    ['America/New_York', 'the autumn change', '2026-11-01T04:00Z', '2026-11-02T05:00Z', 25],
    ['America/New_York', 'the spring change', '2026-03-08T05:00Z', '2026-03-09T04:00Z', 23],
    ['Australia/Lord_Howe', 'the spring change', '2026-10-03T13:30Z', '2026-10-04T13:00Z', 24],
    ['Australia/Lord_Howe', 'the autumn change', '2026-04-04T13:00Z', '2026-04-05T13:30Z', 25],
    ['Asia/Kathmandu', 'no change', '2026-10-24T18:15Z', '2026-10-25T18:15Z', 24],
  ])('fill a day in %s with %s exactly by hours', (zone, _change, from, to, count) => {
    vi.stubEnv('TZ', zone)
    expect(stepsBetween('day', from, to)).toEqual([new Date(from).toISOString()])
    expect(nextStep('day', new Date(from))).toEqual(new Date(to))
    const hours = stepsBetween('hour', from, to)
    expect(hours).toHaveLength(count)
    expect(hours[0]).toBe(new Date(from).toISOString())
    expect(nextStep('hour', new Date(hours.at(-1)!))).toEqual(new Date(to))
  })

  test.each([
    ['2026-10-25T00:30Z', '2026-10-25T00:00Z'],
    ['2026-10-25T01:30Z', '2026-10-25T01:00Z'],
  ])('keep the two hours called 02:00 in Berlin apart', (time, start) => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    expect(new Date(time).getHours()).toBe(2)
    expect(stepStart('hour', new Date(time))).toEqual(new Date(start))
  })

  test('have an hour of 30 minutes where Lord Howe Island changes its clocks', () => {
    vi.stubEnv('TZ', 'Australia/Lord_Howe')
    const autumn = stepsBetween('hour', '2026-04-04T13:00Z', '2026-04-05T13:30Z')
    expect(hoursLong(autumn).filter((hours) => hours !== 1)).toEqual([0.5])
    const spring = stepsBetween('hour', '2026-10-03T13:30Z', '2026-10-04T13:00Z')
    expect(hoursLong(spring).filter((hours) => hours !== 1)).toEqual([0.5])
  })

  test('contain each minute of a year once, in every zone', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']) {
      vi.stubEnv('TZ', zone)
      const end = Date.parse('2027-01-01T00:00Z')
      // Every seven minutes, so that each minute of the hour has its turn.
      for (let time = Date.parse('2026-01-01T00:00Z'); time < end; time += 7 * 60_000) {
        const start = stepStart('hour', new Date(time))
        if (start.getTime() > time || nextStep('hour', start).getTime() <= time)
          throw new Error(`${zone}: ${new Date(time).toISOString()} is not in its hour`)
      }
    }
  })

  test('begin with the first moment of a day that has no midnight', () => {
    vi.stubEnv('TZ', 'America/Santiago')
    const noon = new Date('2026-09-06T15:00Z')
    expect(stepStart('day', noon)).toEqual(new Date('2026-09-06T04:00Z'))
    expect(stepsBack('day', noon, 1)).toEqual(new Date('2026-09-05T04:00Z'))
    expect(nextStep('day', stepStart('day', noon))).toEqual(new Date('2026-09-07T03:00Z'))
  })

  test('go back by days of the calendar over a change of the clocks', () => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    const justAfterMidnight = new Date('2026-10-31T23:30Z')
    expect(stepsBack('day', justAfterMidnight, 14)).toEqual(new Date('2026-10-17T22:00Z'))
    expect(stepsBack('hour', justAfterMidnight, 24)).toEqual(new Date('2026-10-30T23:00Z'))
  })
})
