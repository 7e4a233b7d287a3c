import { create } from 'zustand'
import type { PutDraft, StoredDraft } from './drafts/draft.ts'

/** Unsaved edit of a page, kept while other pages are open; null if unchanged. */
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
