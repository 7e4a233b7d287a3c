import { globSync, readFileSync } from 'node:fs'
import { notificationsStore } from '@mantine/notifications'
import { beforeEach, expect, test } from 'vitest'
import { notifyDone, notifyFailed } from '../../../../../src/renderer/ui/feedback/feedback.tsx'

const shown = () => notificationsStore.getState().notifications

beforeEach(() =>
  notificationsStore.setState({ ...notificationsStore.getState(), notifications: [], queue: [] }),
)

test('a new confirmation replaces the previous one', () => {
  notifyDone('The first.')
  notifyDone('The second.')
  expect(shown().map(({ message }) => message)).toEqual(['The second.'])
})

test('a notice that takes the place of another has a time of its own: with the same id it would have the rest of the first', () => {
  notifyDone('The first.')
  const [first] = shown()
  notifyDone('The second.')
  expect(shown()[0]?.id).not.toBe(first?.id)
})

test('a long notice stays as long as it takes to read, a short one no shorter than to see it', () => {
  const stays = (message: string) => {
    notifyDone(message)
    return Number(shown()[0]?.autoClose)
  }
  expect(stays('Saved.')).toBeGreaterThan(2_000)
  expect(stays('x'.repeat(150))).toBe(12_000)
})

test('a failure stays until it is closed, and replaces nothing', () => {
  notifyDone('Saved.')
  notifyFailed('Could not export the HAR file', new Error('anything'))
  expect(shown().map(({ title }) => title)).toEqual([undefined, 'Could not export the HAR file'])
  expect(shown()[1]).toMatchObject({ autoClose: false, color: 'red' })
})

test('no page announces an error as done', () => {
  const files = globSync('src/renderer/**/*.{ts,tsx}')
  const wrong = files.filter((file) => /notifyDone\([^\n]*[eE]rror/.test(readFileSync(file, 'utf8')))
  expect(files.length).toBeGreaterThan(100)
  expect(wrong).toEqual([])
})
