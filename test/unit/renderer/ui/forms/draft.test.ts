import { describe, expect, test } from 'vitest'
import { draftOf, type StoredDraft, fieldDraftOf } from '../../../../../src/renderer/ui/forms/draft.ts'

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

  test('stay if they were made during a save, on top of what is in effect then', () => {
    const { kept, put } = edited<Timeouts>({ base: before, value: sent })
    const shown = draftOf({ ...kept, current: before, put })
    shown.change({ connect: 7, response: 30 })
    shown.saved(sent, sent)
    expect(kept.stored).toEqual({ base: sent, value: { connect: 7, response: 30 } })
    const after = draftOf({ ...kept, current: sent, put })
    expect(after).toMatchObject({ changed: true, meanwhile: [] })
  })

  test('do not come back if they were dropped during their save', () => {
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

  test('stay in another field if they were made during the save of the first', () => {
    const { kept, put } = begun()
    const shown = fieldDraftOf({ ...kept, current: before, put })
    shown.change({ response: 30 })
    shown.draft.saved(sent, { connect: 7, response: 60 })
    expect(kept.stored).toEqual({ base: { response: 60 }, value: { response: 30 } })
  })

  test('stay in the same field, on top of the saved value', () => {
    const { kept, put } = begun()
    const shown = fieldDraftOf({ ...kept, current: before, put })
    shown.change({ connect: 9 })
    shown.draft.saved(sent, { connect: 7, response: 60 })
    expect(kept.stored).toEqual({ base: { connect: 7 }, value: { connect: 9 } })
  })
})
