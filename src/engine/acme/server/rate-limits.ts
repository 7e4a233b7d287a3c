import { createHash } from 'node:crypto'
import { AcmeProblem, type Identifier } from './problem.ts'

/** `most` at once, then one more each `periodMs / most`: a token bucket, as Let's Encrypt has it. */
export interface RateLimit {
  most: number
  periodMs: number
  /** Plural noun phrase of the problem's sentence. */
  what: string
}

export interface LimitedOrder {
  accountId: string
  identifiers: readonly Identifier[]
  /** It replaces a certificate of the same names (RFC 9773, section 5). */
  renews: boolean
}

export interface OrderLimits {
  order: RateLimit
  domain: RateLimit
  exactSet: RateLimit
}

const mostKeys = 10_000

/** Token buckets by key, each stored as the time at which it is full again (GCRA). The least recently used gives way. */
export class RateLimits {
  readonly #fullAt = new Map<string, number>()
  readonly #sets = new Set<string>()
  readonly #clock: () => Date

  constructor(clock: () => Date) {
    this.#clock = clock
  }

  /**
   * Takes one of each bucket, or nothing where one of them is empty.
   * @throws `rateLimited` with the seconds until the next one
   */
  take(wanted: readonly { key: string; limit: RateLimit }[]): void {
    const now = this.#clock().getTime()
    const taken = wanted.map(({ key, limit }) => ({ key, fullAt: this.#fullAfter(key, limit, now) }))
    for (const { key, fullAt } of taken) {
      this.#fullAt.delete(key)
      this.#fullAt.set(key, fullAt)
    }
    trim(this.#fullAt)
  }

  /**
   * Counts an order against the limits of its account and of its names. The same names again are a renewal, which
   * the limit on domains does not count.
   * @param scope Who shares the limits on names: an account's id, or the same for all.
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
    // After the clock was set back, a bucket is empty and fills from now on.
    if (before > now + periodMs) this.#fullAt.set(key, now + periodMs)
    const fullAt = Math.min(before, now + periodMs) + periodMs / most
    const waitMs = fullAt - now - periodMs
    // Times are whole milliseconds, their fractions are not.
    if (waitMs < 1) return fullAt
    const retryAfter = Math.max(1, Math.ceil(waitMs / 1000))
    const detail = `Too many ${what} (${most}). The next one is possible in ${retryAfter} seconds.`
    throw new AcmeProblem('rateLimited', detail, { retryAfter })
  }
}

function trim(keys: Map<string, unknown> | Set<string>): void {
  for (const key of keys.keys()) {
    if (keys.size <= mostKeys) return
    keys.delete(key)
  }
}

/** A hash of the names, whatever their sequence: up to 100 names of 255 characters would be a long key. */
function exactSetOf(identifiers: readonly Identifier[]): string {
  const names = identifiers.map(({ value }) => value).toSorted()
  return createHash('sha256').update(names.join(' ')).digest('base64url')
}

/** The last two labels of each name: names here are local, and have no public suffix. */
function registeredDomains(identifiers: readonly Identifier[]): string[] {
  const domains = identifiers.map(({ type, value }) =>
    type === 'ip' ? value : value.split('.').slice(-2).join('.'),
  )
  return [...new Set(domains)]
}
