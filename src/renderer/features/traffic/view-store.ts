import { create } from 'zustand'
import { everything, type TrafficFilter } from './filter.ts'

interface TrafficView {
  filter: TrafficFilter
  /** Paused by the button. */
  paused: boolean
  narrow(change: Partial<TrafficFilter>): void
  clear(): void
  setPaused(paused: boolean): void
}

/** Filters of the list, kept while other pages are open. Never contains masked values. */
export const useTrafficView = create<TrafficView>((set) => ({
  filter: everything,
  paused: false,
  narrow: (change) => set(({ filter }) => ({ filter: { ...filter, ...change } })),
  clear: () => set({ filter: everything }),
  setPaused: (paused) => set({ paused }),
}))
