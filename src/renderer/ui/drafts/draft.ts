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
  /** `sent` was saved, and `now` is in effect: the edits are over, but for those made while it was being saved. */
  saved(sent: T, now: T): void
}

/** Unsaved edits, and what was in effect when they began, or when their editor last agreed to go on. */
export interface StoredDraft<T> {
  base: T
  value: T
}

/** Changes what is stored from what it is then: time may have passed since it was shown. */
export type PutDraft<T> = (next: (stored: StoredDraft<T> | null) => StoredDraft<T> | null) => void

export function draftOf<T>(o: {
  stored: StoredDraft<T> | null
  current: T
  put: PutDraft<T>
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
    change: (next) => put(() => (isSame(next, current) ? null : { base, value: next })),
    discard: () => put(() => null),
    keep: () => put((kept) => kept && { base: current, value: kept.value }),
    saved: (sent, now) =>
      put((kept) => (kept === null || isSame(kept.value, sent) ? null : { base: now, value: kept.value })),
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
