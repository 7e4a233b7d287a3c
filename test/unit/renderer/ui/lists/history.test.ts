import { describe, expect, test } from 'vitest'
import type { HistoryEntry } from '../../../../../src/contract/domains/history.ts'
import { historyMessage } from '../../../../../src/renderer/ui/lists/history.tsx'

const one = { name: 'shop 2026', fingerprintSha256: 'aa' }
const two = { name: 'shop 2027', fingerprintSha256: 'bb' }
const entry = (over: Partial<HistoryEntry>): HistoryEntry => ({
  sequence: 1,
  at: '2026-11-24T10:00:00.000Z',
  actor: 'window',
  action: 'https.enable',
  subject: 'shop.test',
  before: null,
  after: null,
  domains: ['shop.test'],
  from: null,
  to: null,
  impact: null,
  erased: [],
  ...over,
})

describe('an entry of a history', () => {
  test.each([
    [{ to: one }, 'served'],
    [{ from: one, to: two }, 'swapped'],
    [{ from: one, to: one, before: { state: 'paused' } }, 'resumed'],
    [{ action: 'https.pause', from: one, to: one }, 'paused'],
    [{ action: 'https.disable', from: one }, 'ended'],
    [{ action: 'https.replace', from: one, to: two }, 'swapped'],
    [{ action: 'certificate.import', domains: [], to: one }, 'imported'],
    [{ action: 'certificate.remove', domains: [], from: one }, 'erased'],
    [{ action: 'certificate.keep', domains: [], after: false }, 'notKept'],
    [{ action: 'certificate.moon', domains: [] }, 'other'],
  ] satisfies [Partial<HistoryEntry>, string][])('%j: %s', (over, said) => {
    expect(historyMessage(entry(over)).key).toBe(said)
  })

  test('names both names of a renaming', () => {
    const renamed = entry({ action: 'certificate.rename', domains: [], before: 'old', after: 'new' })
    expect(historyMessage(renamed)).toMatchObject({ key: 'renamed', from: 'old', to: 'new' })
  })
})
