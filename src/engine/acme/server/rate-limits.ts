import { count } from '../../../contract/text/count.ts'
import { createHash } from 'node:crypto'
import { uptimeMs } from '../../../clock/uptime.ts'
import { AcmeProblem, type Identifier } from './problem.ts'

/** Token bucket of `most` tokens, refilled by one every `periodMs / most`, as at Let's Encrypt. */
export interface RateLimit {
  most: number
  periodMs: number
  /** Plural noun phrase for the problem document. */
  what: string
}

export interface LimitedOrder {
  accountId: string
  identifiers: readonly Identifier[]
  /** Replaces a certificate of the same names (RFC 9773, section 5). */
  renews: boolean
}

export interface OrderLimits {
  order: RateLimit
  domain: RateLimit
  exactSet: RateLimit
}

const mostKeys = 10_000

/** Token buckets (GCRA): the time at which each is full again, by key, least recently used evicted. */
export class RateLimits {
  readonly #fullAt = new Map<string, number>()
  readonly #sets = new Set<string>()
  readonly #now: () => number

  /** `now` in milliseconds: uptime, or the time of a rehearsal. */
  constructor(now: () => number = uptimeMs) {
    this.#now = now
  }

  /**
   * Takes one token of every bucket, or none if one is empty.
   * @throws `rateLimited` with the seconds until the next token
   */
  take(wanted: readonly { key: string; limit: RateLimit }[]): void {
    const now = this.#now()
    const taken = wanted.map(({ key, limit }) => ({ key, fullAt: this.#fullAfter(key, limit, now) }))
    for (const { key, fullAt } of taken) {
      this.#fullAt.delete(key)
      this.#fullAt.set(key, fullAt)
    }
    trim(this.#fullAt)
  }

  /**
   * Counts an order against the limits of its account and names. The same set of names again is a renewal,
   * which the limit on registered domains does not count.
   * @param scope Sharing of the limits on names: an account's id, or one constant for all.
   * @throws `rateLimited`
   */
  takeOrder({ accountId, identifiers }: LimitedOrder, limits: OrderLimits, scope: string): void {
    const set = `${scope} ${exactSetOf(identifiers)}`
    const domains = this.#sets.has(set) ? [] : registeredDomains(identifiers)
    this.take([
      { key: `order ${accountId}`, limit: limits.order },
      { key: `set ${set}`, limit: limits.exactSet },
      ...domains.map((domain) => ({ key: `domain ${scope} ${domain}`, limit: limits.domain })),
    ])
    this.#sets.delete(set)
    this.#sets.add(set)
    trim(this.#sets)
  }

  #fullAfter(key: string, { most, periodMs, what }: RateLimit, now: number): number {
    const before = Math.max(this.#fullAt.get(key) ?? 0, now)
    // After the clock was set back, the bucket is empty and refills from now.
    if (before > now + periodMs) this.#fullAt.set(key, now + periodMs)
    const fullAt = Math.min(before, now + periodMs) + periodMs / most
    const waitMs = fullAt - now - periodMs
    // Rehearsals count in whole milliseconds, refill times are fractions.
    if (waitMs < 1) return fullAt
    const retryAfter = Math.max(1, Math.ceil(waitMs / 1000))
    const detail = `Too many ${what} (${most}). The next one is possible in ${count(retryAfter, 'second')}.`
    throw new AcmeProblem('rateLimited', detail, { retryAfter })
  }
}

function trim(keys: Map<string, unknown> | Set<string>): void {
  for (const key of keys.keys()) {
    if (keys.size <= mostKeys) return
    keys.delete(key)
  }
}

/** Order-independent hash of the names: 100 names of 255 characters would make a long key. */
function exactSetOf(identifiers: readonly Identifier[]): string {
  const names = identifiers.map(({ value }) => value).toSorted()
  return createHash('sha256').update(names.join(' ')).digest('base64url')
}

/** The last two labels of each name, since local names have no public suffix. */
function registeredDomains(identifiers: readonly Identifier[]): string[] {
  const domains = identifiers.map(({ type, value }) =>
    type === 'ip' ? value : value.split('.').slice(-2).join('.'),
  )
  return [...new Set(domains)]
}
