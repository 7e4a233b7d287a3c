import { changesBetween, type Change } from '../../../ui/changes/changes.ts'
import { useDrafts, type DraftSection } from './draft-store.ts'

/** One section of a domain as it is edited. Until something is changed here, it is what is in effect. */
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

export function useDraft<T>(domain: string, section: DraftSection, current: T): Draft<T> {
  const stored = useDrafts((state) => state.byDomain.get(domain)?.get(section))
  const put = useDrafts((state) => state.put)
  const draft = stored as { base: T; value: T } | undefined
  const value = draft ? draft.value : current
  const base = draft ? draft.base : current
  const changed = !isSame(value, current)
  return {
    value,
    base,
    changed,
    meanwhile: draft && changed ? changesBetween({ [section]: base }, { [section]: current }) : [],
    change: (next) => put(domain, section, isSame(next, current) ? null : { base, value: next }),
    discard: () => put(domain, section, null),
    keep: () => put(domain, section, draft ? { base: current, value: draft.value } : null),
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
