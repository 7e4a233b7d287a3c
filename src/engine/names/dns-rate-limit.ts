import { createWorkBudget } from '../../platform/listeners/work-budget.ts'

/** Rate limits for DNS queries: per source, and in total. */
export interface Bounds {
  eachPerSecond: number
  allPerSecond: number
}

/**
 * A page needs some names, and a resolver sends each query from its own port. An answer costs some 30
 * microseconds of processor time, so all of them use a third of one core at most.
 */
const bounds: Bounds = { eachPerSecond: 100, allPerSecond: 10_000 }
const ports = 65_536

/**
 * Rate limit by source port. Clients on the loopback cannot be identified: any address and free port is
 * anybody's, and finding a port's owner takes longer than an answer. A program that floods from some sockets
 * exhausts the shares of their ports only, and a resolver's next query comes from another port. When many
 * ports flood, queries are answered at random, so that arrival within the second does not matter and a retry
 * has a new chance.
 */
export function createDnsRateLimit(
  { eachPerSecond, allPerSecond }: Bounds = bounds,
  now = () => performance.now(),
  chance = Math.random,
) {
  const taken = new Uint32Array(ports)
  let second = 0
  let entitled = 0
  let answered = 0
  let share = 1

  function begin(next: number): void {
    // After a pause the number of senders is unknown.
    share = next === second + 1 ? Math.min(1, allPerSecond / Math.max(1, entitled)) : 1
    second = next
    entitled = 0
    answered = 0
    taken.fill(0)
  }

  return {
    /** Whether to answer the next query from this port. */
    take(port: number) {
      const current = Math.floor(now() / 1000)
      if (current !== second) begin(current)
      const count = taken[port] ?? 0
      if (count >= eachPerSecond) return false
      taken[port] = count + 1
      entitled += 1
      if (answered >= allPerSecond || (share < 1 && chance() >= share)) return false
      answered += 1
      return true
    },
  }
}

/**
 * TCP is for truncated answers, which this server never sends, so clients are few. All of them together use a
 * tenth of one core at most.
 */
const streamBounds: Bounds = { eachPerSecond: 200, allPerSecond: 2_000 }

export type TcpRateLimit = ReturnType<typeof createTcpRateLimit>

/**
 * Rate limit for queries over TCP. Instead of dropping them it delays reading, so that they stay with their
 * sender. Connections have equal shares, so that none waits behind the queries of another.
 */
export function createTcpRateLimit(
  { eachPerSecond, allPerSecond }: Bounds = streamBounds,
  now = () => performance.now(),
) {
  const all = createWorkBudget({ perWindow: allPerSecond, windowMs: 1000 }, now)
  let connections = 0
  return {
    open() {
      let own = { second: -1, taken: 0 }
      connections += 1
      return {
        /** Whether to answer its next query now; false: in the next second. */
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
    /** Milliseconds until the next second. */
    untilNextMs: () => all.untilNextMs(),
  }
}
