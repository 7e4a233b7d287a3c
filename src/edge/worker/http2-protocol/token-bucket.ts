/** Rate limit with a burst. `now` is a clock in milliseconds. */
export class TokenBucket {
  readonly #burst: number
  readonly #perSecond: number
  readonly #now: () => number
  #tokens: number
  #since: number

  constructor({ burst, perSecond }: { burst: number; perSecond: number }, now: () => number) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#now = now
    this.#tokens = burst
    this.#since = now()
  }

  /** False: the rate is exceeded. */
  take(tokens: number): boolean {
    this.#tokens -= tokens
    if (this.#tokens >= 0) return true
    const now = this.#now()
    this.add(((now - this.#since) * this.#perSecond) / 1_000)
    this.#since = now
    return this.#tokens >= 0
  }

  add(tokens: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + tokens)
  }
}
