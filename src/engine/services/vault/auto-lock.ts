/** Locks the vault when nobody uses it. */
export interface AutoLock {
  /** The vault is in use: restarts the timer. */
  touch(): void
  close(): void
}

const lookEveryMs = 5000

/**
 * Calls `lock` when nothing was touched for the minutes that `minutes` gives; null: never. It
 * compares times instead of waiting for them to pass, so that a computer which slept through them
 * locks when it wakes.
 */
export function createAutoLock(options: {
  minutes: () => number | null
  clock: () => Date
  lock: (minutes: number) => void
}): AutoLock {
  const now = () => options.clock().getTime()
  let lastUse = now()

  function look(): void {
    const minutes = options.minutes()
    // Setting the clock back must not delay locking by as much.
    lastUse = Math.min(lastUse, now())
    if (minutes === null || now() - lastUse < minutes * 60_000) return
    lastUse = now()
    options.lock(minutes)
  }

  const timer = setInterval(look, lookEveryMs).unref()
  return { touch: () => void (lastUse = now()), close: () => clearInterval(timer) }
}
