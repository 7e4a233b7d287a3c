import { useSyncExternalStore } from 'react'
import { currentTime, followTime } from './window-clock.ts'

/** The time, moving on every half minute, and within a second of a jump: one timer for the whole window. */
export function useNow(): Date {
  return useSyncExternalStore(followTime, currentTime)
}
