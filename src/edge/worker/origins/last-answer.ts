import type { OriginState } from '../../../contract/domains/origins.ts'
import type { Deadlines, Expiring } from '../limits/deadlines.ts'

/** Minimum interval between two reports: an origin may fail every second request. */
const reportEveryMs = 1_000

/** Health of an origin that has no alternative and no health check: that of its last answer. Requests still go to it. */
export class LastAnswer implements Expiring {
  readonly isUp = true
  deadlineAt = Infinity
  readonly #deadlines: Deadlines
  readonly #changed: () => void
  /** Undefined before the first answer; null: it answered. */
  #failure: string | null | undefined
  #reported: string | null | undefined
  #since = new Date()

  constructor(deadlines: Deadlines, changed: () => void) {
    this.#deadlines = deadlines
    this.#changed = changed
  }

  onSuccess(): void {
    if (this.#failure !== null) this.#become(null)
  }

  /** No response, or one of a gateway without an origin. */
  onFailure(reason: string): void {
    if (typeof this.#failure !== 'string') this.#become(reason)
  }

  expire(): void {
    this.close()
    this.#report()
  }

  close(): void {
    this.deadlineAt = Infinity
    this.#deadlines.remove(this)
  }

  state(): Pick<OriginState, 'state' | 'reason' | 'since' | 'until'> {
    const reason = this.#failure ?? null
    return { state: reason === null ? 'up' : 'down', reason, since: this.#since.toISOString(), until: null }
  }

  #become(failure: string | null): void {
    this.#failure = failure
    this.#since = new Date()
    if (this.deadlineAt === Infinity) this.#report()
  }

  #report(): void {
    if (this.#failure === this.#reported) return
    this.#reported = this.#failure
    this.deadlineAt = this.#deadlines.after(reportEveryMs)
    this.#deadlines.add(this)
    this.#changed()
  }
}
