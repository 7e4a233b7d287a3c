import { useSyncExternalStore } from 'react'

const tickMs = 30_000
const lookMs = 1000
let now = new Date()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

export function currentTime(): Date {
  return now
}

/** Calls `listener` for each new `currentTime`, until the function that it gives is called. */
export function followTime(listener: () => void): () => void {
  // While nobody listened the clock stood still.
  if (listeners.size === 0) now = new Date()
  listeners.add(listener)
  timer ??= setInterval(look, lookMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Finds a clock that was set, and time that passed while the computer slept: intervals run on regardless of both. */
function look(): void {
  if (Math.abs(Date.now() - now.getTime()) < tickMs) return
  now = new Date()
  for (const each of listeners) each()
}

/** The time, moving on every half minute, and within a second of a jump: one timer for the whole window. */
export function useNow(): Date {
  return useSyncExternalStore(followTime, currentTime)
}
