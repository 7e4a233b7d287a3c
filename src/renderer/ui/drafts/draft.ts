import { changesBetween, type Change } from '../changes/changes.ts'

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
