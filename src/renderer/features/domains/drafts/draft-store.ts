import { create } from 'zustand'
import type { PolicySection } from '../../../../contract/domains/policies.ts'
import { type PutDraft, type StoredDraft, useAskBeforeClose } from '../../../ui/forms/draft.ts'
import type { Part } from '../paths.ts'
import { useEffect } from 'react'
import { useDomains } from '../../../connection/engine-context.tsx'

/** Parts of a domain that are edited and saved as a whole. */
export type DraftSection = 'origin' | Exclude<PolicySection, 'findings' | 'origins'>

/** Tab of the domain's page that contains each section. */
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

/** Unsaved edits by domain and section, kept while other pages are open. */
interface Drafts {
  byDomain: ReadonlyMap<string, ReadonlyMap<DraftSection, StoredDraft<unknown>>>
  put(domain: string, section: DraftSection, ...next: Parameters<PutDraft<unknown>>): void
  /** Drops the edits of a deleted domain. */
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

export function unsavedParts(
  sections: ReadonlyMap<DraftSection, StoredDraft<unknown>> | undefined,
): Set<Part> {
  return new Set([...(sections?.keys() ?? [])].map((section) => partOfSection[section]))
}

/** Makes the browser ask before the window closes with unsaved edits, and drops those of deleted domains. */
export function useUnsavedGuard(): void {
  const byDomain = useDrafts((state) => state.byDomain)
  const forget = useDrafts((state) => state.forget)
  const { status, items } = useDomains((state) => state)
  useEffect(() => {
    if (status !== 'live') return
    const there = new Set(items.map(({ name }) => name))
    for (const domain of byDomain.keys()) if (!there.has(domain)) forget(domain)
  }, [byDomain, forget, status, items])
  useAskBeforeClose(byDomain.size > 0)
}
