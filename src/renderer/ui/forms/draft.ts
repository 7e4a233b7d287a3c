import { changesBetween, type Change } from '../lists/changes.tsx'
import { create } from 'zustand'
import { useEffect } from 'react'

/** Value that is edited and saved as a whole. Equals the value in effect until it is edited. */
export interface Draft<T> {
  value: T
  /** Value in effect when editing began. The engine rejects the save if it has changed since. */
  base: T
  changed: boolean
  /** Changes by another window or a command since editing began. */
  meanwhile: Change[]
  change(value: T): void
  /** Resets to the value in effect. */
  discard(): void
  /** Continues editing on top of the changes in `meanwhile`. */
  keep(): void
  /** Ends the draft after `sent` was saved and `now` is in effect; edits made during the save remain. */
  saved(sent: T, now: T): void
}

/** Unsaved edits with the value in effect when they began or were last continued. */
export interface StoredDraft<T> {
  base: T
  value: T
}

/** Updates the stored draft from its latest state, which may be newer than the rendered one. */
export type PutDraft<T> = (next: (stored: StoredDraft<T> | null) => StoredDraft<T> | null) => void

export function draftOf<T>(o: {
  stored: StoredDraft<T> | null
  current: T
  put: PutDraft<T>
  /** Prefix of field names, for their labels. */
  section?: string
}): Draft<T> {
  const { stored, current, put, section } = o
  const { value, base } = stored ?? { value: current, base: current }
  const changed = !isSame(value, current)
  const named = (part: T): object => (section === undefined ? (part as object) : { [section]: part })
  return {
    value,
    base,
    changed,
    meanwhile: stored && changed ? changesBetween(named(base), named(current)) : [],
    change: (next) => put(() => (isSame(next, current) ? null : { base, value: next })),
    discard: () => put(() => null),
    keep: () => put((edit) => edit && { base: current, value: edit.value }),
    saved: (sent, now) =>
      put((edit) => (edit === null || isSame(edit.value, sent) ? null : { base: now, value: edit.value })),
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

interface FieldDraft<T> {
  draft: Draft<Partial<T>>
  /** The value in effect with the edits applied. */
  shown: T
  change(patch: Partial<T>): void
}

/** Draft of single fields. Changes to other fields never conflict. */
export function fieldDraftOf<T extends object>(o: {
  stored: StoredDraft<Partial<T>> | null
  current: T
  put: PutDraft<Partial<T>>
  /** Prefix of field names, for their labels. */
  section?: string
}): FieldDraft<T> {
  const { stored, current, put } = o
  const edits = stored?.value ?? {}
  const change = (patch: Partial<T>) => {
    const all = { ...edits, ...patch }
    const value = fieldsOf(all, (name) => all[name] !== current[name])
    const previous = stored?.base ?? {}
    const base = { ...fieldsIn(value, current), ...fieldsIn(value, previous) }
    put(() => storedOf(base, value))
  }
  const saved = (sent: Partial<T>, now: Partial<T>) =>
    put((edit) => {
      if (edit === null) return null
      const value = fieldsOf(edit.value, (name) => edit.value[name] !== sent[name])
      return storedOf({ ...fieldsIn(value, edit.base), ...fieldsIn(value, now) }, value)
    })
  return {
    draft: { ...draftOf<Partial<T>>({ ...o, current: fieldsIn(edits, current) }), saved },
    shown: { ...current, ...edits },
    change,
  }
}

function storedOf<T extends object>(base: Partial<T>, value: Partial<T>): StoredDraft<Partial<T>> | null {
  return Object.keys(value).length > 0 ? { base, value } : null
}

/** Picks the fields of `named` from `all`, without missing ones. */
export function fieldsIn<T extends object>(named: Partial<T>, all: Partial<T>): Partial<T> {
  return fieldsOf(all, (name) => Object.hasOwn(named, name))
}

function fieldsOf<T extends object>(all: Partial<T>, wanted: (name: keyof T) => boolean): Partial<T> {
  const fields = Object.entries(all).filter(([name]) => wanted(name as keyof T))
  return Object.fromEntries(fields) as Partial<T>
}

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

/** Makes the browser ask before the window closes with unsaved edits. */
export function useAskBeforeClose(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isUnsaved])
}
