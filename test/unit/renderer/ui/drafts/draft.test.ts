import { describe, expect, test } from 'vitest'
import { draftOf, type StoredDraft } from '../../../../../src/renderer/ui/drafts/draft.ts'
import { fieldDraftOf } from '../../../../../src/renderer/ui/drafts/field-draft.ts'

interface Timeouts {
  connect: number
  response: number
}

/** A window's stored draft, with the setter that both kinds of draft use. */
function edited<T>(stored: StoredDraft<T> | null) {
  const kept = { stored }
  const put = (next: (now: StoredDraft<T> | null) => StoredDraft<T> | null) => {
    kept.stored = next(kept.stored)
  }
  return { kept, put }
}

describe('edits of a whole', () => {
  const before: Timeouts = { connect: 5, response: 60 }
  const sent: Timeouts = { connect: 7, response: 60 }

  test('are over when they were saved', () => {
    const { kept, put } = edited<Timeouts>({ base: before, value: sent })
    draftOf({ ...kept, current: before, put }).saved(sent, sent)
    expect(kept.stored).toBeNull()
  })

  test('that were made while others were being saved stay, on top of what is in effect then', () => {
    const { kept, put } = edited<Timeouts>({ base: before, value: sent })
    const shown = draftOf({ ...kept, current: before, put })
    shown.change({ connect: 7, response: 30 })
    shown.saved(sent, sent)
    expect(kept.stored).toEqual({ base: sent, value: { connect: 7, response: 30 } })
    const after = draftOf({ ...kept, current: sent, put })
    expect(after).toMatchObject({ changed: true, meanwhile: [] })
  })

  test('that were dropped while they were being saved do not come back', () => {
    const { kept, put } = edited<Timeouts>({ base: before, value: sent })
    const shown = draftOf({ ...kept, current: before, put })
    shown.discard()
    shown.saved(sent, sent)
    expect(kept.stored).toBeNull()
  })
})

describe('edits of single fields', () => {
  const before: Timeouts = { connect: 5, response: 60 }
  const sent = { connect: 7 }
  const begun = () => edited<Partial<Timeouts>>({ base: { connect: 5 }, value: sent })

  test('are over when they were saved', () => {
    const { kept, put } = begun()
    fieldDraftOf({ ...kept, current: before, put }).draft.saved(sent, { connect: 7, response: 60 })
    expect(kept.stored).toBeNull()
  })

  test('of another field stay where they were made while the first was being saved', () => {
    const { kept, put } = begun()
    const shown = fieldDraftOf({ ...kept, current: before, put })
    shown.change({ response: 30 })
    shown.draft.saved(sent, { connect: 7, response: 60 })
    expect(kept.stored).toEqual({ base: { response: 60 }, value: { response: 30 } })
  })

  test('of the same field stay, on top of what was saved', () => {
    const { kept, put } = begun()
    const shown = fieldDraftOf({ ...kept, current: before, put })
    shown.change({ connect: 9 })
    shown.draft.saved(sent, { connect: 7, response: 60 })
    expect(kept.stored).toEqual({ base: { connect: 7 }, value: { connect: 9 } })
  })
})
