import type { OnFault } from './faults.ts'

export interface Expiring {
  /** Time on the clock of `Deadlines.now`; `Infinity` while nothing is awaited. */
  deadlineAt: number
  expire(): void
}

/**
 * Coarse clock for all connections: setting a deadline is one assignment, cheap enough for each byte; a sweep
 * on each tick finds the expired ones.
 */
export class Deadlines {
  readonly #entries = new Set<Expiring>()
  readonly #tickMs: number
  readonly #fault: OnFault
  /** Null while there are no entries, so that an idle process sleeps. */
  #timer: NodeJS.Timeout | null = null
  #now = 0

  constructor(tickMs: number, fault: OnFault) {
    this.#tickMs = tickMs
    this.#fault = fault
  }

  /** Monotonic clock in milliseconds, as of the last tick: setting the time of day changes no deadline. */
  get now(): number {
    return this.#timer === null ? performance.now() : this.#now
  }

  /** Deadline after at least `ms`: `now` is up to a tick old and would shorten it. */
  after(ms: number): number {
    return performance.now() + ms
  }

  add(entry: Expiring): void {
    this.#entries.add(entry)
    if (this.#timer !== null) return
    this.#now = performance.now()
    this.#timer = setInterval(() => this.#tick(), this.#tickMs).unref()
  }

  remove(entry: Expiring): void {
    this.#entries.delete(entry)
  }

  close(): void {
    this.#stop()
    this.#entries.clear()
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  #expire(entry: Expiring): void {
    try {
      entry.expire()
    } catch (error) {
      // No retry on every tick.
      this.remove(entry)
      this.#fault('Something that was late could not be ended', error)
    }
  }

  /**
   * Sweeps only after pending input has been read: if this process was stopped, the peers were not late. The
   * clock is set before, because reading sets deadlines.
   */
  #tick(): void {
    this.#now = performance.now()
    setImmediate(() => this.#sweep())
  }

  #sweep(): void {
    for (const entry of this.#entries) {
      if (entry.deadlineAt <= this.now) this.#expire(entry)
    }
    if (this.#entries.size === 0) this.#stop()
  }
}
