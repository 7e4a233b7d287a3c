import { uptimeMs } from './uptime.ts'

/** A deadline that also comes nearer while the computer sleeps. */
export interface UptimeTimer {
  isOver(): boolean
  /** The whole time again from now on. */
  refresh(): void
  close(): void
}

const lookEveryMs = 5_000

/** Calls `act` once `ms` have passed, within five seconds. Keeps no process alive. */
export function uptimeTimer(ms: number, act: () => void, now: () => number = uptimeMs): UptimeTimer {
  let until = now() + ms
  const isOver = () => now() >= until
  const timer = setInterval(look, Math.min(ms, lookEveryMs)).unref()
  function look(): void {
    if (!isOver()) return
    clearInterval(timer)
    act()
  }
  return { isOver, refresh: () => void (until = now() + ms), close: () => clearInterval(timer) }
}
