import { expect, test } from 'vitest'
import { differenceInWords } from '../../../../../src/renderer/features/settings/difference-in-words.ts'
import { delays } from '../../../../../src/renderer/features/settings/lock-delays.ts'

test('a difference has one line for each value, without empty ones', () => {
  const value = { origin: { host: 'a.test', sni: null }, https: 'off' }
  expect(differenceInWords(value)).toEqual(['origin host a.test', 'https off'])
  expect([differenceInWords(null), differenceInWords({ sni: null }), differenceInWords(301)]).toEqual([
    null,
    null,
    ['301'],
  ])
})

test('offers the delay that is set among the usual ones', () => {
  expect(delays(null)).toEqual([null, 5, 15, 30, 60, 240])
  expect(delays(7)).toEqual([null, 5, 7, 15, 30, 60, 240])
})
