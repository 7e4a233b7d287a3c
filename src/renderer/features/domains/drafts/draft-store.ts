import { create } from 'zustand'
import type { PolicySection } from '../../../../contract/policies.ts'
import type { PutDraft, StoredDraft } from '../../../ui/drafts/draft.ts'
import type { Part } from '../paths.ts'

/** What of a domain is edited and saved as one. */
export type DraftSection = 'origin' | Exclude<PolicySection, 'findings' | 'origins'>

/** On which part of the domain's page each is edited. */
const partOfSection: Record<DraftSection, Part> = {
  origin: 'origins',
  health: 'origins',
  timeouts: 'origins',
  tls: 'tls',
  redirect: 'redirects',
  hsts: 'redirects',
  headers: 'headers',
  access: 'access',
  body: 'access',
}

/** Unsaved edits by domain and section, so that they are still there on coming back to the page. */
interface Drafts {
  byDomain: ReadonlyMap<string, ReadonlyMap<DraftSection, StoredDraft<unknown>>>
  put(domain: string, section: DraftSection, ...next: Parameters<PutDraft<unknown>>): void
  /** The domain is gone. */
  forget(domain: string): void
}

export const useDrafts = create<Drafts>((set) => ({
  byDomain: new Map(),
  put: (domain, section, next) =>
    set(({ byDomain }) => {
      const sections = new Map(byDomain.get(domain))
      const draft = next(sections.get(section) ?? null)
      if (draft) sections.set(section, draft)
      else sections.delete(section)
      const others = new Map(byDomain)
      if (sections.size > 0) others.set(domain, sections)
      else others.delete(domain)
      return { byDomain: others }
    }),
  forget: (domain) =>
    set(({ byDomain }) => {
      const next = new Map(byDomain)
      next.delete(domain)
      return { byDomain: next }
    }),
}))

/** The parts of a domain's page that have unsaved edits. */
export function unsavedParts(
  sections: ReadonlyMap<DraftSection, StoredDraft<unknown>> | undefined,
): Set<Part> {
  return new Set([...(sections?.keys() ?? [])].map((section) => partOfSection[section]))
}
