/** How often `seen` is to be called. */
export const seenEveryMs = 100
/** Timers are late by this much on an idle computer. */
const toleranceMs = 10

/** Time in which this computer did not let the engine run, since it was busy or asleep. */
export class HeldTime {
  readonly #clock: () => Date
  #lastSeenAt: number
  #heldMs = 0

  constructor(clock: () => Date) {
    this.#clock = clock
    this.#lastSeenAt = clock().getTime()
  }

  /** The engine runs. */
  seen(): void {
    this.#heldMs = this.totalMs()
    this.#lastSeenAt = this.#clock().getTime()
  }

  /** In milliseconds, with what is being missed now. */
  totalMs(): number {
    const lateMs = this.#clock().getTime() - this.#lastSeenAt - seenEveryMs
    return this.#heldMs + (lateMs > toleranceMs ? lateMs : 0)
  }
}
