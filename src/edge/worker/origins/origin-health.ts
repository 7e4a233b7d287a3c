import type { HealthPolicy, OriginState } from '../../../contract/domains/origins.ts'
import type { Deadlines, Expiring } from '../limits/deadlines.ts'

/** Duration of an origin's first ejection; each consecutive one doubles, up to the longest. */
const firstEjectionMs = 10_000
const longestEjectionMs = 300_000

/** Health of one of several origins, from the results of requests and of its health check. */
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
  /** Time of day, for people; `deadlineAt` is on the monotonic clock. */
  #until: Date | null = null

  constructor(policy: HealthPolicy, deadlines: Deadlines, changed: (health: OriginHealth) => void) {
    this.policy = policy
    this.#deadlines = deadlines
    this.#changed = changed
  }

  get isUp(): boolean {
    return !this.#isDown && !this.#isEjected
  }

  onSuccess(): void {
    this.#failures = 0
    this.#ejections = 0
    if (!this.#isEjected) return
    this.#endEjection()
    this.#become(null)
  }

  /** No response, or one of a gateway without an origin. */
  onFailure(reason: string): void {
    this.#failures += 1
    const { ejectAfter } = this.policy
    // Failures count until a success, so after an ejection one is enough: the origin was on trial.
    if (ejectAfter === 0 || this.#isEjected || this.#failures < ejectAfter) return
    const forMs = Math.min(firstEjectionMs * 2 ** this.#ejections, longestEjectionMs)
    this.#ejections += 1
    this.#isEjected = true
    this.deadlineAt = this.#deadlines.now + forMs
    this.#until = new Date(Date.now() + forMs)
    this.#deadlines.add(this)
    this.#become(reason)
  }

  /** Sets the result of the check, with the reason if the origin is down; without a check it is up. */
  onCheck(isDown: boolean, reason: string | null): void {
    if (isDown === this.#isDown) return
    this.#isDown = isDown
    // A check outweighs the requests before it, passed or failed.
    this.#endEjection()
    this.#become(reason)
  }

  /** Ends the ejection; the next request is the trial. */
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
