import { isReached } from '../../domain/reached-time.ts'
import type { Core } from '../core/core.ts'
import { regularLook } from '../core/regular-look.ts'
import { checkWatches, listWatches } from './watches.ts'
import type { Watch } from '../../contract/watch/watch.ts'

const minuteMs = 60_000

export type WatchSchedule = ReturnType<typeof createWatchSchedule>

/** Looks at each watched server as often as it was added for, also over restarts, and no more often. */
export function createWatchSchedule(parts: Core) {
  const { clock, log } = parts

  function isDue({ last, everyMinutes }: Watch): boolean {
    if (last === null) return true
    const everyMs = everyMinutes * minuteMs
    const next = new Date(Date.parse(last.at) + everyMs).toISOString()
    return isReached(next, clock(), everyMs)
  }

  return regularLook({ log, failure: 'Check of watched servers failed' }, async (signal) => {
    const due = listWatches(parts).filter(isDue)
    if (due.length > 0) await checkWatches(parts, { servers: due }, signal)
  })
}
