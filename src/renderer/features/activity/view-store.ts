import { create } from 'zustand'

interface ActivityView {
  search: string
  setSearch(search: string): void
}

/** Search term, kept while other pages are open. */
export const useActivityView = create<ActivityView>((set) => ({
  search: '',
  setSearch: (search) => set({ search }),
}))
