import { expect, test } from 'vitest'
import { localInputOf, timeOfLocalInput } from '../../../../../src/renderer/features/inspector/local-time.ts'

test('turns a date field into a time and back without moving it', () => {
  const at = new Date('2027-03-04T05:06:00.000Z').toISOString()
  expect(timeOfLocalInput(localInputOf(at))).toBe(at)
})

test('takes an empty or impossible field for no time', () => {
  expect(timeOfLocalInput('')).toBeNull()
  expect(timeOfLocalInput('2027-02-31T99:00')).toBeNull()
  expect(localInputOf(null)).toBe('')
})
