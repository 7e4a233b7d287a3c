import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { startMessages } from '../../../../src/renderer/messages/i18n.ts'

beforeAll(startMessages)

test('a message separates the thousands of a count, and not those of a port', () => {
  expect(i18next.t('edge.domains', { ns: 'app', count: 10_000 })).toContain('10,000')
  expect(i18next.t('bulk.progress', { ns: 'domains', done: 4500, total: 10_000 })).toBe('4,500 of 10,000')
  expect(i18next.t('said.proxyOpened', { ns: 'activity', other: 8443 })).not.toContain('8,443')
})
