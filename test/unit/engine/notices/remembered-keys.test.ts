import { expect, test } from 'vitest'
import { rememberedKeys } from '../../../../src/engine/notices/notice-schedule.ts'

const keys = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix} ${i}`)
const noticeOf = (key: string) => ({ key, title: '', body: '', place: '/certificates' as const })

test('every key of a current notice is remembered, and the latest of those that are over', () => {
  const current = keys('current', 2500)
  const remembered = rememberedKeys([...keys('over', 1500), ...current.slice(5)], current.map(noticeOf))
  expect(remembered.slice(-2500)).toEqual(current)
  expect(remembered.slice(0, -2500)).toEqual(keys('over', 1500).slice(500))
})
