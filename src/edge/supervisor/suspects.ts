/** First hold; doubled with each further death. */
const shortestHoldMs = 500
const longestHoldMs = 60_000
/** Beyond its hold. */
const memoryMs = 60_000

/** Domains that were unserved when a worker died. The next workers hold off those named most often. */
export class Suspects {
  readonly #byDomain = new Map<string, { deaths: number; diedAt: number }>()
  readonly #now: () => number
  readonly #random: () => number
  #diedAt = -Infinity

  constructor(now: () => number = () => performance.now(), random: () => number = Math.random) {
    this.#now = now
    this.#random = random
  }

  died(unserved: readonly string[]): void {
    const now = (this.#diedAt = this.#now())
    for (const [domain, { deaths, diedAt }] of this.#byDomain)
      if (now - diedAt > holdMs(deaths) + memoryMs) this.#byDomain.delete(domain)
    for (const domain of unserved)
      this.#byDomain.set(domain, { deaths: (this.#byDomain.get(domain)?.deaths ?? 0) + 1, diedAt: now })
  }

  /** Holds by domain from the start of a worker, ms; undefined if no death was recent. */
  heldMs(): Map<string, number> | undefined {
    if (this.#now() - this.#diedAt > longestHoldMs + memoryMs) return undefined
    const most = Math.max(...[...this.#byDomain.values()].map(({ deaths }) => deaths))
    const suspects = [...this.#byDomain].filter(([, { deaths }]) => deaths === most)
    // Let in at different times: the one that only happened to be there is served, and falls behind.
    return new Map(suspects.map(([domain]) => [domain, holdMs(most) * (0.5 + this.#random())]))
  }
}

function holdMs(deaths: number): number {
  return Math.min(shortestHoldMs * 2 ** (deaths - 1), longestHoldMs)
}
