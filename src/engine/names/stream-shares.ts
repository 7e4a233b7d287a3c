import { createWorkBudget } from '../../platform/listeners/work-budget.ts'
import type { Bounds } from './question-shares.ts'

/**
 * Programs ask over TCP what was cut off over UDP, which no answer here is, so that few do. All of them together take
 * a tenth of one core at most.
 */
const bounds: Bounds = { eachPerSecond: 200, allPerSecond: 2_000 }

/** What one connection may ask. */
export interface StreamShare {
  /** Whether its next question is answered in this second; false: once the next one begins. */
  take(): boolean
  end(): void
}

export interface StreamShares {
  open(): StreamShare
  /** How long this second goes on, in milliseconds. */
  untilNextMs(): number
}

/**
 * How many questions of open connections are answered in a second. A connection waits where a datagram is dropped:
 * what it sends stays with its sender. All get the same of what there is, so that none waits behind the questions of
 * another.
 */
export function createStreamShares(
  { eachPerSecond, allPerSecond }: Bounds = bounds,
  now = () => performance.now(),
): StreamShares {
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
