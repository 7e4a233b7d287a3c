import { FairShare, type Share } from '../limits/fair-share.ts'
import type { UpstreamWaiter } from './upstream-carrier.ts'
import type { UpstreamFailure } from './upstream-failure.ts'
import type { UpstreamTarget } from './upstream-target.ts'

export interface WaitingRequest {
  target: UpstreamTarget
  waiter: UpstreamWaiter
  share: Share<WaitingRequest>
  /** Cancels the request once it is no longer in the list. */
  takeBack: (() => void) | null
}

/** Requests that wait for a connection to one origin, or for a stream of one. */
export class WaitingList extends FairShare<WaitingRequest> {
  readonly #places: number

  constructor(places: number) {
    super()
    this.#places = places
  }

  /**
   * Adds a request, for which another one may have to give way. Returns a function that cancels it; null if
   * there is no place, and the request has failed.
   */
  add(target: UpstreamTarget, waiter: UpstreamWaiter, share: Share<WaitingRequest>): (() => void) | null {
    const waiting: WaitingRequest = { target, waiter, share, takeBack: null }
    const displaced = this.displace(share, this.#places)
    if (!this.wait(share, waiting, this.#places)) {
      waiter.onFailure({ kind: 'busy', code: 'WAITING' })
      return null
    }
    displaced?.waiter.onFailure({ kind: 'busy', code: 'DISPLACED' })
    return () => {
      if (!this.forget(share, waiting)) waiting.takeBack?.()
    }
  }

  failAll(failure: UpstreamFailure): void {
    for (const { waiter } of this.takeAll()) waiter.onFailure(failure)
  }
}
