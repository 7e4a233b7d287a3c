import { uptimeMs } from '../../clock/uptime.ts'

/** Locks the vault when nobody uses it. */
export interface AutoLock {
  /** The vault is in use: restarts the timer. */
  touch(): void
  close(): void
}

const lookEveryMs = 5000

/**
 * Calls `lock` after `minutes` without a touch; null: never. `now` counts sleep and does not follow the system's
 * time: a computer that slept for so long locks when it wakes, and a clock that is set ahead is no time without use.
 */
export function createAutoLock(options: {
  minutes: () => number | null
  lock: (minutes: number) => void
  now?: (() => number) | undefined
}): AutoLock {
  const { now = uptimeMs } = options
  let lastUse = now()

  function look(): void {
    const minutes = options.minutes()
    if (minutes === null || now() - lastUse < minutes * 60_000) return
    lastUse = now()
    options.lock(minutes)
  }

  const timer = setInterval(look, lookEveryMs).unref()
  return { touch: () => void (lastUse = now()), close: () => clearInterval(timer) }
}
