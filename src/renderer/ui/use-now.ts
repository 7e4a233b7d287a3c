import { useSyncExternalStore } from 'react'

const tickMs = 30_000
let now = new Date()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  // While nobody listened the clock stood still.
  if (listeners.size === 0) now = new Date()
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = new Date()
    for (const each of listeners) each()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, moving on every half minute: one timer for the whole window. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now)
}
