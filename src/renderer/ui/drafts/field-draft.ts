import { draftOf, type Draft, type StoredDraft } from './draft.ts'

interface FieldDraft<T> {
  draft: Draft<Partial<T>>
  /** What is in effect, with the edits. */
  shown: T
  change(patch: Partial<T>): void
}

/** Edits of single fields: what becomes of the others is nobody's conflict. */
export function fieldDraftOf<T extends object>(o: {
  stored: StoredDraft<Partial<T>> | null
  current: T
  put: (stored: StoredDraft<Partial<T>> | null) => void
  /** In front of the names of fields, for their words. */
  section?: string
}): FieldDraft<T> {
  const { stored, current, put } = o
  const edits = stored?.value ?? {}
  const change = (patch: Partial<T>) => {
    const all = { ...edits, ...patch }
    const value = fieldsOf(all, (name) => all[name] !== current[name])
    const kept = stored?.base ?? {}
    const base = { ...fieldsIn(value, current), ...fieldsIn(value, kept) }
    put(Object.keys(value).length > 0 ? { base, value } : null)
  }
  return {
    draft: draftOf<Partial<T>>({ ...o, current: fieldsIn(edits, current) }),
    shown: { ...current, ...edits },
    change,
  }
}

/** The fields that `named` names, as they are in `all`; without those that are not in it. */
export function fieldsIn<T extends object>(named: Partial<T>, all: Partial<T>): Partial<T> {
  return fieldsOf(all, (name) => Object.hasOwn(named, name))
}

function fieldsOf<T extends object>(all: Partial<T>, wanted: (name: keyof T) => boolean): Partial<T> {
  const fields = Object.entries(all).filter(([name]) => wanted(name as keyof T))
  return Object.fromEntries(fields) as Partial<T>
}
