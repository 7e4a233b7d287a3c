import { changesBetween, type Change } from '../changes/changes.ts'

/** What is edited and saved as one. Until something is changed here, it is what is in effect. */
export interface Draft<T> {
  value: T
  /** What the edits were made to: the engine saves them only where that is still so. */
  base: T
  changed: boolean
  /** What else was changed since the editing began, by another window or a command; empty: nothing. */
  meanwhile: Change[]
  change(value: T): void
  /** Back to what is in effect. */
  discard(): void
  /** Goes on with the edits, having seen what was changed meanwhile. */
  keep(): void
}

/** Unsaved edits, and what was in effect when they began, or when their editor last agreed to go on. */
export interface StoredDraft<T> {
  base: T
  value: T
}

export function draftOf<T>(o: {
  stored: StoredDraft<T> | null
  current: T
  put: (stored: StoredDraft<T> | null) => void
  /** In front of the names of fields, for their words. */
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
    change: (next) => put(isSame(next, current) ? null : { base, value: next }),
    discard: () => put(null),
    keep: () => put(stored && { base: current, value: stored.value }),
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
