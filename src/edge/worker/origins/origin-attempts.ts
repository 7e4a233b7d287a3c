import type { EdgeRequest } from '../http/request.ts'
import type { Destination, OriginSlot } from './upstream-target.ts'
import type { UpstreamCarrier } from './upstream-carrier.ts'
import { failureReason, type UpstreamFailure } from './upstream-failure.ts'

export class OriginAttempts {
  slot: OriginSlot
  /** Part of the request's body is sent and cannot be repeated. */
  hasSentBody = false
  readonly #slots: OriginSlot[]
  readonly #isRepeatable: boolean
  #tried: OriginSlot[] | null = null
  #hasRepeated = false

  constructor({ slots }: Destination, { bodyLength, method }: EdgeRequest) {
    this.#slots = slots
    this.#isRepeatable = bodyLength === 0 && idempotentMethods.has(method)
    // At least one: if all are down, the first is tried.
    this.slot = slots.find(mayBeAsked) ?? slots[0]!
  }

  /**
   * Whether to retry the same origin on a new connection after a failure before any response. Only idempotent
   * requests whose reused connection closed, or requests that an HTTP/2 origin has not processed (RFC 9110,
   * section 9.2.2; RFC 9112, section 9.3.1).
   */
  repeats(carrier: UpstreamCarrier, failure: UpstreamFailure): boolean {
    if (failure.kind !== 'closed' || this.#hasRepeated || this.hasSentBody) return false
    const isSafe = carrier.isReused && !carrier.hasAnswered && this.#isRepeatable
    if (!failure.isUnprocessed && !isSafe) return false
    this.#hasRepeated = true
    return true
  }

  /** Whether to try another origin, then in `slot`: nothing was sent (null `carrier`) or it is repeatable. */
  movesOn(carrier: UpstreamCarrier | null, failure: UpstreamFailure): boolean {
    const isUntouched = !carrier || (failure.kind === 'closed' && failure.isUnprocessed === true)
    if (this.hasSentBody || (!isUntouched && !this.#isRepeatable)) return false
    if (!this.#next()) return false
    this.#hasRepeated = false
    return true
  }

  #next(): boolean {
    const tried = (this.#tried ??= [])
    tried.push(this.slot)
    const next = this.#slots.find((slot) => slot.health?.isUp === true && !tried.includes(slot))
    if (next) this.slot = next
    return next !== undefined
  }

  /** Gateway errors mean that the server behind the origin is down. */
  answered(status: number): void {
    const { health } = this.slot
    if (status >= 502 && status <= 504) health?.onFailure(`It answers ${status}`)
    else health?.onSuccess()
  }

  failed(failure: UpstreamFailure): void {
    const { kind } = failure
    // Not the origin's fault: too many requests for it, a request that cannot be sent, or an internal error.
    if (kind !== 'busy' && kind !== 'unsendable' && kind !== 'fault')
      this.slot.health?.onFailure(failureReason(failure))
  }
}

const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

function mayBeAsked({ health }: OriginSlot): boolean {
  return health === null || health.isUp
}
