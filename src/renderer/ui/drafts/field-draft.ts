import { draftOf, type Draft, type PutDraft, type StoredDraft } from './draft.ts'

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
