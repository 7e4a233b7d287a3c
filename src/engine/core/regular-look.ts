import type { Log } from './log.ts'

const minuteMs = 60_000

export interface RegularLook {
  /** Looks now, or awaits the look that runs; never throws. */
  look(): Promise<void>
  /** Aborts at the close. */
  signal: AbortSignal
  close(): void
}

/**
 * Looks once a minute, or each `everyMs`, at each subject, one look at a time: a slow one holds up itself alone. Errors are logged as
 * `failure`, but not once it is closed. Each look compares times with the clock, so that what became due during sleep
 * is found after it.
 */
export function regularLook(
  { log, failure, everyMs = minuteMs }: { log: Log; failure: string; everyMs?: number },
  lookAt: (signal: AbortSignal, subject: string) => Promise<void>,
  subjects: () => string[] = () => [''],
): RegularLook {
  const closing = new AbortController()
  const { signal } = closing
  const running = new Map<string, Promise<void>>()
  const started = (subject: string) =>
    lookAt(signal, subject)
      .catch((error: unknown) => {
        if (!signal.aborted) log.error({ err: error }, failure)
      })
      .finally(() => running.delete(subject))
  const look = async () => {
    const looks = subjects().map((subject) => {
      const one = running.get(subject) ?? started(subject)
      running.set(subject, one)
      return one
    })
    await Promise.all(looks)
  }
  const timer = setInterval(() => void look(), everyMs).unref()
  return {
    look,
    signal,
    close() {
      closing.abort()
      clearInterval(timer)
    },
  }
}
