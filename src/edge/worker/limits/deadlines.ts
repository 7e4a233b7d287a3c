import type { OnFault } from '../faults.ts'

/** Something that is ended at its deadline. */
export interface Expiring {
  /** On the clock of `Deadlines.now`; `Infinity` while nothing is awaited. */
  deadlineAt: number
  expire(): void
}

/**
 * One coarse clock for every connection: setting a deadline is one assignment, so it can be done
 * on each byte; who is late is found by a sweep each tick.
 */
export class Deadlines {
  /** Milliseconds on the monotonic clock, as of the last tick: setting the time of day changes no deadline. */
  now = performance.now()
  readonly #entries = new Set<Expiring>()
  readonly #timer: NodeJS.Timeout
  readonly #fault: OnFault

  constructor(tickMs: number, fault: OnFault) {
    this.#fault = fault
    this.#timer = setInterval(() => this.#tick(), tickMs)
    this.#timer.unref()
  }

  /** The deadline for what has `ms` at least: `now`, which is a tick old at most, would take up to a tick of them. */
  after(ms: number): number {
    return performance.now() + ms
  }

  add(entry: Expiring): void {
    this.#entries.add(entry)
  }

  remove(entry: Expiring): void {
    this.#entries.delete(entry)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#entries.clear()
  }

  #expire(entry: Expiring): void {
    try {
      entry.expire()
    } catch (error) {
      // Not retried on every tick.
      this.remove(entry)
      this.#fault('Something that was late could not be ended', error)
    }
  }

  /**
   * Who is late is told once what has come meanwhile is read: while this process did not run, it was not the others
   * who were late. The clock is set before, since deadlines are set by what is read.
   */
  #tick(): void {
    this.now = performance.now()
    setImmediate(() => this.#sweep())
  }

  #sweep(): void {
    for (const entry of this.#entries) {
      if (entry.deadlineAt <= this.now) this.#expire(entry)
    }
  }
}
