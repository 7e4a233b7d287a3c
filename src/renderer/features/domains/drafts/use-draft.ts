import { draftOf, type Draft, type PutDraft, type StoredDraft } from '../../../ui/forms/draft.ts'
import { useDrafts, type DraftSection } from './draft-store.ts'

export function useDraft<T>(domain: string, section: DraftSection, current: T): Draft<T> {
  const stored = useDrafts((state) => state.byDomain.get(domain)?.get(section))
  const put = useDrafts((state) => state.put)
  return draftOf({
    stored: (stored as StoredDraft<T> | undefined) ?? null,
    current,
    section,
    put: (next) => put(domain, section, next as Parameters<PutDraft<unknown>>[0]),
  })
}
