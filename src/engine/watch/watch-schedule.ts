import { isReached } from '../../domain/reached-time.ts'
import type { Core } from '../core/core.ts'
import { checkWatches, listWatches } from './watches.ts'
import type { Watch } from '../../contract/watch/watch.ts'

const lookEveryMs = 60_000
const minuteMs = 60_000

export type WatchSchedule = ReturnType<typeof createWatchSchedule>

/** Looks at each watched server as often as it was added for, also over restarts, and no more often. */
export function createWatchSchedule(parts: Core) {
  const { clock, log } = parts
  const closing = new AbortController()
  let looking: Promise<void> | null = null

  function isDue({ last, everyMinutes }: Watch): boolean {
    if (last === null) return true
    const everyMs = everyMinutes * minuteMs
    const next = new Date(Date.parse(last.at) + everyMs).toISOString()
    return isReached(next, clock(), everyMs)
  }

  async function lookOnce(): Promise<void> {
    const due = listWatches(parts).filter(isDue)
    if (due.length > 0) await checkWatches(parts, { servers: due }, closing.signal)
  }

  const look = () =>
    (looking ??= lookOnce()
      .catch((error: unknown) => {
        if (!closing.signal.aborted) log.error({ err: error }, 'Watched servers could not be looked at')
      })
      .finally(() => {
        looking = null
      }))
  const timer = setInterval(() => void look(), lookEveryMs).unref()
  return {
    /** Looks at what is due; never throws. */
    look,
    close() {
      closing.abort()
      clearInterval(timer)
    },
  }
}
