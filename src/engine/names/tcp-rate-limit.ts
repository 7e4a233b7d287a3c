import { createWorkBudget } from '../../platform/listeners/work-budget.ts'
import type { Bounds } from './dns-rate-limit.ts'

/**
 * TCP is for truncated answers, which this server never sends, so clients are few. All of them together use a
 * tenth of one core at most.
 */
const bounds: Bounds = { eachPerSecond: 200, allPerSecond: 2_000 }

export interface StreamShare {
  /** Whether to answer its next query now; false: in the next second. */
  take(): boolean
  end(): void
}

export interface TcpRateLimit {
  open(): StreamShare
  /** Milliseconds until the next second. */
  untilNextMs(): number
}

/**
 * Rate limit for queries over TCP. Instead of dropping them it delays reading, so that they stay with their
 * sender. Connections have equal shares, so that none waits behind the queries of another.
 */
export function createTcpRateLimit(
  { eachPerSecond, allPerSecond }: Bounds = bounds,
  now = () => performance.now(),
): TcpRateLimit {
  const all = createWorkBudget({ perWindow: allPerSecond, windowMs: 1000 }, now)
  let connections = 0
  return {
    open() {
      let own = { second: -1, taken: 0 }
      connections += 1
      return {
        take() {
          const current = Math.floor(now() / 1000)
          if (own.second !== current) own = { second: current, taken: 0 }
          const share = Math.min(eachPerSecond, Math.max(1, Math.floor(allPerSecond / connections)))
          if (own.taken >= share || !all.hasLeft()) return false
          own.taken += 1
          all.spend(1)
          return true
        },
        end() {
          connections -= 1
        },
      }
    },
    untilNextMs: () => all.untilNextMs(),
  }
}
