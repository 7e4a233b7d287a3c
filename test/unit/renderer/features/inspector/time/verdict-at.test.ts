import { describe, expect, test } from 'vitest'
import type { ClientTimeline, Timeline } from '../../../../../../src/contract/inspect/timeline.ts'
import { span, verdictAt } from '../../../../../../src/renderer/features/inspector/time/verdict-at.ts'

const stage = (from: string, until: string) => ({
  from: `${from}T00:00:00Z`,
  until: `${until}T00:00:00Z`,
  path: [],
})
const client: ClientTimeline = {
  client: 'firefox',
  name: 'Firefox',
  validNow: true,
  firstInvalidAt: null,
  endedBy: null,
  sentence: '',
  stages: [stage('2026-11-01', '2026-12-01'), stage('2027-01-01', '2027-02-01')],
  rule: { sentence: '', source: '' },
}

describe('the verdict of a client on a day', () => {
  test.each([
    ['2026-11-15', true],
    ['2026-12-15', false],
    ['2027-01-15', true],
    ['2027-03-01', false],
  ])('%s: %s', (day, ok) => {
    expect(verdictAt(client, Date.parse(`${day}T12:00:00Z`)).ok).toBe(ok)
  })
})

test('goes until some time after the last client refuses it, whatever ends later', () => {
  const timeline = { at: '2026-11-24T00:00:00Z', clients: [client] } as unknown as Timeline
  const { from, until } = span(timeline)
  expect(new Date(from).toISOString()).toBe('2026-11-24T00:00:00.000Z')
  expect(until).toBeGreaterThan(Date.parse('2027-02-10T00:00:00Z'))
  expect(until).toBeLessThan(Date.parse('2027-03-01T00:00:00Z'))
})
