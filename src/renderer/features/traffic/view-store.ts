import { create } from 'zustand'
import { everything, type TrafficFilter } from './filter.ts'

interface TrafficView {
  filter: TrafficFilter
  /** The list stands still because a person said so. */
  paused: boolean
  narrow(change: Partial<TrafficFilter>): void
  clear(): void
  setPaused(paused: boolean): void
}

/** What the list is narrowed to; it stays while a person looks at other pages. What is masked is never in it. */
export const useTrafficView = create<TrafficView>((set) => ({
  filter: everything,
  paused: false,
  narrow: (change) => set(({ filter }) => ({ filter: { ...filter, ...change } })),
  clear: () => set({ filter: everything }),
  setPaused: (paused) => set({ paused }),
}))
