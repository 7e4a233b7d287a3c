import { create } from 'zustand'

/** What was changed on a page and is not saved: still there on coming back. Null where nothing was. */
interface UnsavedEdit<T> {
  edit: T | null
  set(edit: T | null): void
}

export function createUnsavedEdit<T>() {
  return create<UnsavedEdit<T>>((set) => ({ edit: null, set: (edit) => set({ edit }) }))
}
