import type { Log } from './log.ts'

const everyMs = 60_000

export interface RegularLook {
  /** Looks now, or awaits the look that runs; never throws. */
  look(): Promise<void>
  close(): void
}

/**
 * Looks once a minute, one look at a time; its errors are logged as `failure`, but not once it is closed. Each look
 * compares times with the clock, so that what became due during sleep is found after it.
 */
export function regularLook(
  { log, failure }: { log: Log; failure: string },
  lookOnce: (signal: AbortSignal) => Promise<void>,
): RegularLook {
  const closing = new AbortController()
  const { signal } = closing
  let running: Promise<void> | null = null
  const look = () =>
    (running ??= lookOnce(signal)
      .catch((error: unknown) => {
        if (!signal.aborted) log.error({ err: error }, failure)
      })
      .finally(() => (running = null)))
  const timer = setInterval(() => void look(), everyMs).unref()
  return {
    look,
    close() {
      closing.abort()
      clearInterval(timer)
    },
  }
}
