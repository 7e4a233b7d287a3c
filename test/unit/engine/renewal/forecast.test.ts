import { describe, expect, test } from 'vitest'
import { daysWhenIssued, lifetimeSteps } from '../../../../src/domain/maximum-lifetimes.ts'
import {
  forecastOf,
  type Foreseen,
  renewalAfter,
  renewalAt,
} from '../../../../src/engine/renewal/forecast.ts'

const now = new Date('2026-11-26T12:00:00Z')
const of = (wanted: Partial<Foreseen>): Foreseen => ({
  certificate: { id: 'one', name: 'shop.example', covers: ['shop.example'] },
  by: 'acme',
  authority: 'public',
  profile: null,
  lifeDays: 90,
  ...wanted,
})
const stagesOf = (wanted: Partial<Foreseen>) =>
  forecastOf(of(wanted), now).stages.map(({ from, lifeDays, perYear }) => [from, lifeDays, perYear])

describe('the lifetime of a new certificate', () => {
  test('is what the rule of its day allows, to the day', () => {
    const steps = lifetimeSteps('public', null)
    const on = (day: string) => daysWhenIssued(398, Date.parse(day), steps)
    expect(
      ['2026-03-14', '2026-03-15', '2027-03-14', '2027-03-15', '2029-03-14', '2029-03-15'].map(on),
    ).toEqual([398, 200, 200, 100, 100, 47])
  })

  test('follows the defaults of Let’s Encrypt, but not for its other profiles', () => {
    const on = (day: string, profile: string | null) =>
      daysWhenIssued(90, Date.parse(day), lifetimeSteps('lets-encrypt', profile))
    expect(['2027-02-09', '2027-02-10', '2028-02-15', '2028-02-16'].map((day) => on(day, null))).toEqual([
      90, 64, 64, 45,
    ])
    expect(on('2027-02-10', 'classic')).toBe(64)
    expect(on('2027-02-10', 'shortlived')).toBe(90)
  })
})

describe('the forecast', () => {
  test('a certificate bought for 200 days needs a person four times a year, then eight times', () => {
    const { needsPerson, meaning } = forecastOf(of({ by: 'nobody', lifeDays: 200 }), now)
    expect(stagesOf({ by: 'nobody', lifeDays: 200 })).toEqual([
      ['2026-11-26', 200, 2],
      ['2027-03-15', 100, 4],
      ['2029-03-15', 47, 8],
    ])
    expect(needsPerson).toBe(true)
    expect(meaning).toContain('100 days from 2027-03-15, 47 days from 2029-03-15')
    expect(meaning).toContain('4 times a year from 2027-03-15')
  })

  test('the successor of a certificate of 398 days lives 200 days at most already', () => {
    expect(stagesOf({ by: 'reminder', lifeDays: 398 })[0]).toEqual(['2026-11-26', 200, 2])
  })

  test('a certificate of Let’s Encrypt needs more renewals, and no person', () => {
    const { needsPerson, meaning } = forecastOf(of({ authority: 'lets-encrypt' }), now)
    expect(stagesOf({ authority: 'lets-encrypt' })).toEqual([
      ['2026-11-26', 90, 7],
      ['2027-02-10', 64, 9],
      ['2028-02-16', 45, 13],
    ])
    expect(needsPerson).toBe(false)
    expect(meaning).toContain('renews automatically')
  })

  test.each([
    ['of the local authority', { by: 'local', authority: 'private', lifeDays: 397 }],
    ['of six days', { authority: 'lets-encrypt', profile: 'shortlived', lifeDays: 160 / 24 }],
    ['of a private authority', { by: 'nobody', authority: 'private', lifeDays: 3650 }],
  ] as [string, Partial<Foreseen>][])('changes nothing for one %s', (_what, wanted) => {
    const { stages, needsPerson } = forecastOf(of(wanted), now)
    expect(stages).toHaveLength(1)
    expect(needsPerson).toBe(false)
  })
})

test('renewals follow each other at two thirds of lives that grow shorter', () => {
  const days: [string, number][] = []
  const foreseen = of({ authority: 'lets-encrypt' })
  for (let next = renewalAt(foreseen, now.getTime()); days.length < 12; next = renewalAfter(foreseen, next))
    days.push([new Date(next.at).toISOString().slice(0, 10), next.lifeDays])
  expect(days.slice(0, 4)).toEqual([
    ['2026-11-26', 90],
    ['2027-01-25', 90],
    ['2027-03-26', 64],
    ['2027-05-08', 64],
  ])
  expect(days.at(-1)?.[1]).toBe(45)
})
