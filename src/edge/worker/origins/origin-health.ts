import type { HealthPolicy, OriginState } from '../../../contract/origins.ts'
import type { Deadlines, Expiring } from '../limits/deadlines.ts'

/** The first time an origin is left alone; each further time in a row it is twice as long, up to the longest. */
const firstEjectionMs = 10_000
const longestEjectionMs = 300_000

/** The health of one of several origins, from the results of requests and of its health check. */
export class OriginHealth implements Expiring {
  deadlineAt = Infinity
  policy: HealthPolicy
  readonly #deadlines: Deadlines
  readonly #changed: (health: OriginHealth) => void
  #failures = 0
  #ejections = 0
  #isEjected = false
  #isDown = false
  #reason: string | null = null
  #since = new Date()
  /** In the time of day, for people; `deadlineAt` is on another clock. */
  #until: Date | null = null

  constructor(policy: HealthPolicy, deadlines: Deadlines, changed: (health: OriginHealth) => void) {
    this.policy = policy
    this.#deadlines = deadlines
    this.#changed = changed
  }

  get isUp(): boolean {
    return !this.#isDown && !this.#isEjected
  }

  /** A request was answered. */
  onSuccess(): void {
    this.#failures = 0
    this.#ejections = 0
    if (!this.#isEjected) return
    this.#endEjection()
    this.#become(null)
  }

  /** A request was not answered, or by a gateway that has no origin itself. */
  onFailure(reason: string): void {
    this.#failures += 1
    const { ejectAfter } = this.policy
    // They count until an answer, so after an ejection one is enough: the origin was asked on trial.
    if (ejectAfter === 0 || this.#isEjected || this.#failures < ejectAfter) return
    const forMs = Math.min(firstEjectionMs * 2 ** this.#ejections, longestEjectionMs)
    this.#ejections += 1
    this.#isEjected = true
    this.deadlineAt = this.#deadlines.now + forMs
    this.#until = new Date(Date.now() + forMs)
    this.#deadlines.add(this)
    this.#become(reason)
  }

  /** What the check says, with the reason why it is down; without a check it is not. */
  onCheck(isDown: boolean, reason: string | null): void {
    if (isDown === this.#isDown) return
    this.#isDown = isDown
    // Whether it passed or failed, the check says more than the requests before it.
    this.#endEjection()
    this.#become(reason)
  }

  /** The ejection is over; the next request tells how it is. */
  expire(): void {
    this.#endEjection()
    this.#become(this.#isDown ? this.#reason : null)
  }

  close(): void {
    this.#deadlines.remove(this)
  }

  state(): Pick<OriginState, 'state' | 'reason' | 'since' | 'until'> {
    return {
      state: this.#isDown ? 'down' : this.#isEjected ? 'ejected' : 'up',
      reason: this.#reason,
      since: this.#since.toISOString(),
      until: this.#isDown ? null : (this.#until?.toISOString() ?? null),
    }
  }

  #endEjection(): void {
    this.#isEjected = false
    this.#until = null
    this.deadlineAt = Infinity
    this.#deadlines.remove(this)
  }

  #become(reason: string | null): void {
    this.#reason = reason
    this.#since = new Date()
    this.#changed(this)
  }
}
