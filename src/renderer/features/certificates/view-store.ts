import { create } from 'zustand'
import type { Filter } from './filter.ts'

interface CertificatesView {
  filter: Filter
  search: string
  /** Only certificates that bear it; null: all. */
  tag: string | null
  setFilter(filter: Filter): void
  setSearch(search: string): void
  setTag(tag: string | null): void
  clear(): void
}

/** What the list is narrowed to; it stays while a person looks at other pages. */
export const useCertificatesView = create<CertificatesView>((set) => ({
  filter: 'all',
  search: '',
  tag: null,
  setFilter: (filter) => set({ filter }),
  setSearch: (search) => set({ search }),
  setTag: (tag) => set({ tag }),
  clear: () => set({ filter: 'all', search: '', tag: null }),
}))
