import { create } from 'zustand'
import type { Filter } from './filter.ts'

interface CertificatesView {
  filter: Filter
  search: string
  /** Shows only certificates with this tag; null for all. */
  tag: string | null
  setFilter(filter: Filter): void
  setSearch(search: string): void
  setTag(tag: string | null): void
  clear(): void
}

/** Filters of the list, kept while other pages are open. */
export const useCertificatesView = create<CertificatesView>((set) => ({
  filter: 'all',
  search: '',
  tag: null,
  setFilter: (filter) => set({ filter }),
  setSearch: (search) => set({ search }),
  setTag: (tag) => set({ tag }),
  clear: () => set({ filter: 'all', search: '', tag: null }),
}))
