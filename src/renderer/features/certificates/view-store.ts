import { create } from 'zustand'
import type { Filter } from './filter.ts'

interface CertificatesView {
  filter: Filter
  search: string
  setFilter(filter: Filter): void
  setSearch(search: string): void
  clear(): void
}

/** What the list is narrowed to; it stays while a person looks at other pages. */
export const useCertificatesView = create<CertificatesView>((set) => ({
  filter: 'all',
  search: '',
  setFilter: (filter) => set({ filter }),
  setSearch: (search) => set({ search }),
  clear: () => set({ filter: 'all', search: '' }),
}))
