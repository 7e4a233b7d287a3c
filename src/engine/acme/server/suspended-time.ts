export const seenEveryMs = 100
/** Usual timer latency of an idle computer. */
const toleranceMs = 10

/** Measures how long the engine was suspended, by load or sleep. */
export class SuspendedTime {
  readonly #clock: () => Date
  #lastSeenAt: number
  #suspendedMs = 0

  constructor(clock: () => Date) {
    this.#clock = clock
    this.#lastSeenAt = clock().getTime()
  }

  /** Records that the engine runs. */
  seen(): void {
    this.#suspendedMs = this.totalMs()
    this.#lastSeenAt = this.#clock().getTime()
  }

  /** Suspended time in milliseconds, including the current gap. */
  totalMs(): number {
    const lateMs = this.#clock().getTime() - this.#lastSeenAt - seenEveryMs
    return this.#suspendedMs + (lateMs > toleranceMs ? lateMs : 0)
  }
}
