import { expect, test } from 'vitest'
import { formatDifference } from '../../../../../src/renderer/features/settings/format-difference.ts'
import { delays } from '../../../../../src/renderer/features/settings/lock-delays.ts'

test('a difference has one line for each value, without empty ones', () => {
  const value = { origin: { host: 'a.test', sni: null }, https: 'off' }
  expect(formatDifference(value)).toEqual(['origin host a.test', 'https off'])
  expect([formatDifference(null), formatDifference({ sni: null }), formatDifference(301)]).toEqual([
    null,
    null,
    ['301'],
  ])
})

test('offers the delay that is set among the usual ones', () => {
  expect(delays(null)).toEqual([null, 5, 15, 30, 60, 240])
  expect(delays(7)).toEqual([null, 5, 7, 15, 30, 60, 240])
})
