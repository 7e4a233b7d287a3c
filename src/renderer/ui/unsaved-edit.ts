import { create } from 'zustand'
import type { PutDraft, StoredDraft } from './drafts/draft.ts'

/** What was changed on a page and is not saved: still there on coming back. Null where nothing was. */
interface UnsavedEdit<T> {
  edit: StoredDraft<T> | null
  put: PutDraft<T>
}

export function createUnsavedEdit<T>() {
  return create<UnsavedEdit<T>>((set) => ({
    edit: null,
    put: (next) => set(({ edit }) => ({ edit: next(edit) })),
  }))
}
