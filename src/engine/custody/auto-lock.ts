import { uptimeMs } from '../../clock/uptime.ts'

export type AutoLock = ReturnType<typeof createAutoLock>

const lookEveryMs = 5000

/**
 * Calls `lock` after `minutes` without a touch; null: never. `now` counts sleep and does not follow the
 * system's time: a computer locks when it wakes after that time, and a clock that is set ahead does not lock.
 */
export function createAutoLock(options: {
  minutes: () => number | null
  lock: (minutes: number) => void
  now?: (() => number) | undefined
}) {
  const { now = uptimeMs } = options
  let lastUse = now()

  function look(): void {
    const minutes = options.minutes()
    if (minutes === null || now() - lastUse < minutes * 60_000) return
    lastUse = now()
    options.lock(minutes)
  }

  const timer = setInterval(look, lookEveryMs).unref()
  return {
    /** Restarts the timer. */
    touch: (): void => void (lastUse = now()),
    close: (): void => clearInterval(timer),
  }
}
