import type { UsageToday } from '../../contract/usage/usage.ts'
import { countAt, type DomainUsage, type UsageReport } from '../../edge/protocol/counts.ts'
import type { Log } from '../core/log.ts'
import { nextStep, stepStart } from './steps.ts'
import { addTo, openUsageStore } from './store.ts'
import type { LiveEvent } from '../../contract/shared/live-event.ts'
import type { Topic } from '../core/live.ts'
import { isProofName } from '../trust/temporary-names.ts'
import type { Core } from '../core/core.ts'

const flushAfterMs = 2_000
const lookEveryMs = 60_000

/** Stores the counts of the workers, also while the vault is locked: usage is no secret. */
export type Metering = ReturnType<typeof createMetering>

export function createMetering(options: {
  folder: string
  clock: () => Date
  log: Log
  topic: Topic<LiveEvent<UsageToday>>
  readOnly?: boolean
}) {
  const { clock, log, topic } = options
  const store = openUsageStore({
    ...options,
    onSetAside: (name, reason) =>
      log.error({ err: reason, name }, 'Usage database unreadable, moved aside and recreated'),
  })
  const sinceStart = new Map<string, DomainUsage>()
  const touched = new Set<string>()
  let day = stepStart('day', clock())
  const exemptions = createExemptions()

  let flushTimer: NodeJS.Timeout | null = null

  function take({ domains }: UsageReport): void {
    flushTimer ??= setTimeout(lookSafely, flushAfterMs).unref()
    // Excludes traffic of probes.
    const own = domains.filter(({ domain }) => !isProofName(domain))
    for (const usage of own.map(exemptions.charged)) {
      store.add(usage)
      touched.add(usage.domain)
      const sum = sinceStart.get(usage.domain)
      if (sum) addTo(sum, usage)
      else sinceStart.set(usage.domain, { ...usage, counts: [...usage.counts] })
    }
  }

  /** Writes the pending counts; a failure is logged and retried with the next counts. */
  function flush(): void {
    try {
      store.flush()
    } catch (error) {
      log.error({ err: error }, 'Usage not written, kept in memory')
    }
  }

  function rowsOfDay(domain?: string): UsageToday[] {
    const rows = store.rows('day', day, nextStep('day', day), domain)
    return rows.filter((row) => row.domain !== '').map(todayOf)
  }

  /** Compares for inequality, since the clock may be set back over midnight. */
  function beginDay(): void {
    const now = stepStart('day', clock())
    if (now.getTime() === day.getTime()) return
    const keys = rowsOfDay().map(({ domain }) => domain)
    if (keys.length > 0) topic.publish({ type: 'removed', keys })
    day = now
  }

  function look(): void {
    flush()
    beginDay()
    const items = [...touched].flatMap((domain) => rowsOfDay(domain))
    if (items.length > 0) topic.publish({ type: 'changed', items })
    touched.clear()
  }

  function lookSafely(): void {
    flushTimer = null
    try {
      look()
    } catch (error) {
      log.error({ err: error }, 'Usage maintenance failed')
    }
  }

  // Covers midnight, and counts that could not be written.
  const timer = setInterval(lookSafely, lookEveryMs).unref()
  return {
    store,
    sinceStart,
    take,
    /** Exempts Edgekeep's own HTTPS requests from charges before they are counted; negative: reverts. */
    exempt: exemptions.add,
    flush,
    today() {
      flush()
      beginDay()
      return rowsOfDay()
    },
    close() {
      clearInterval(timer)
      if (flushTimer) clearTimeout(flushTimer)
      flush()
      store.close()
    },
  }
}

/** Exemptions are applied here, because a worker cannot distinguish Edgekeep's requests from a client's. */
function createExemptions() {
  const exempted = new Map<string, number>()
  const add = (domain: string, requests: number) =>
    void exempted.set(domain, (exempted.get(domain) ?? 0) + requests)
  return {
    add,
    /** Returns `usage` less its domain's exemption, and uses that up. */
    charged(usage: DomainUsage): DomainUsage {
      const exempt = Math.min(exempted.get(usage.domain) ?? 0, usage.counts[countAt.charged] ?? 0)
      if (exempt === 0) return usage
      add(usage.domain, -exempt)
      return {
        ...usage,
        counts: usage.counts.map((count, at) => (at === countAt.charged ? count - exempt : count)),
      }
    },
  }
}

function todayOf({ domain, counts }: DomainUsage): UsageToday {
  const count = (at: number): number => counts[at] ?? 0
  return { domain, http: count(countAt.http), https: count(countAt.https), charged: count(countAt.charged) }
}

export interface UsageNeeds extends Core {
  metering: Metering
  startedAt: Date
}
