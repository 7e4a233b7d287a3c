import { expect, test } from 'vitest'
import { lateProgress } from '../../../../src/cli/output/progress.ts'

test('progress appears after a second, at most five times a second, and its line is cleared', () => {
  let now = 0
  const shown: string[] = []
  const progress = lateProgress(
    (text) => shown.push(text),
    () => now,
  )
  for (; now < 2_000; now += 50) progress.tell(`at ${now}`)
  progress.end()
  expect(shown).toEqual(['at 1000', 'at 1200', 'at 1400', 'at 1600', 'at 1800', ''])
})

test('progress of less than a second is not shown', () => {
  const shown: string[] = []
  const progress = lateProgress((text) => shown.push(text))
  progress.tell('soon')
  progress.end()
  expect(shown).toEqual([])
})
