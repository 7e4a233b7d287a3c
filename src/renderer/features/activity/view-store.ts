import { create } from 'zustand'

interface ActivityView {
  search: string
  setSearch(search: string): void
}

/** What the trail is searched for; it stays while a person looks at other pages. */
export const useActivityView = create<ActivityView>((set) => ({
  search: '',
  setSearch: (search) => set({ search }),
}))
