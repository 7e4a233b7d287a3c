import { expect, test } from 'vitest'
import { changeNotices } from '../../../src/main/change-notices.ts'
import { engineView } from './engine-view.ts'

test('a restarted engine is notified, the first start is not', () => {
  const first = engineView({ pid: 10 })
  expect(changeNotices(first, engineView({ running: false }), null)).toEqual([])
  const second = engineView({ pid: 11 })
  expect(changeNotices(second, engineView({ running: false }), 10)).toMatchObject([
    { title: 'Edgekeep’s engine stopped and was started again' },
  ])
  expect(changeNotices(second, second, 11)).toEqual([])
})

test('an edge in trouble is notified once, with the engine’s reason', () => {
  const problem = { code: 'edge.port_taken', message: 'Port 8443 is taken by nginx.' }
  const well = engineView({})
  const ill = engineView({ problem })
  expect(changeNotices(ill, well, 1)).toMatchObject([{ body: 'Port 8443 is taken by nginx.' }])
  expect(changeNotices(ill, ill, 1)).toEqual([])
})

test('a vault that locked and stopped HTTPS has a notice of its own', () => {
  const problem = { code: 'edge.without_keys', message: 'The vault is locked.' }
  expect(changeNotices(engineView({ locked: true, problem }), engineView({}), 1)).toMatchObject([
    { title: 'The vault is locked and HTTPS has stopped', place: '/domains' },
  ])
})
