import type { FolderOrigin } from '../../../contract/domains/origins.ts'
import type { Deadlines } from '../limits/deadlines.ts'
import type { Claimant } from '../limits/fair-share.ts'
import type { OnFault } from '../limits/faults.ts'
import type { Limits } from '../limits/limits.ts'
import type { PoolOptions } from './connect-attempt.ts'
import { nothingToTakeBack, type UpstreamCarrier, type UpstreamWaiter } from './upstream-carrier.ts'
import { Http2Pool } from './upstream-http2-pool.ts'
import { UpstreamPool } from './upstream-pool.ts'
import { UpstreamSockets } from './upstream-socket.ts'
import type { UpstreamTarget } from './upstream-target.ts'

export interface UpstreamOptions {
  deadlines: Deadlines
  limits: Limits
  fault: OnFault
  openFolder: (origin: FolderOrigin) => UpstreamCarrier
}

export class Upstreams {
  readonly #pools = new Map<string, UpstreamPool | Http2Pool>()
  readonly #sockets = new UpstreamSockets()
  readonly #options: UpstreamOptions

  constructor(options: UpstreamOptions) {
    this.#options = options
  }

  /** Sets PEM anchors besides the public and system roots. Idle connections made under others are closed. */
  trust(extraAnchors: string[]): void {
    if (this.#sockets.trust(extraAnchors)) this.closeIdle()
  }

  /** Provides a carrier, now or later; on a new connection if `isFresh`. Returns a function that cancels. */
  acquire(target: UpstreamTarget, waiter: UpstreamWaiter, isFresh = false): () => void {
    if (target.folder) {
      waiter.onCarrier(this.#options.openFolder(target.folder))
      return nothingToTakeBack
    }
    let pool = this.#pools.get(target.key)
    if (!pool) {
      pool = this.#poolFor(target)
      this.#pools.set(target.key, pool)
    }
    return pool.acquire(target, waiter, isFresh)
  }

  isContended(target: UpstreamTarget, claimant: Claimant): boolean {
    const pools = [this.#pools.get(target.key), this.#pools.get(http1Key(target))]
    return pools.some((pool) => pool?.isContended(claimant))
  }

  closeIdle(): void {
    for (const pool of this.#pools.values()) pool.closeIdle()
  }

  #poolFor(target: UpstreamTarget): UpstreamPool | Http2Pool {
    const options: PoolOptions = {
      ...this.#options,
      isTls: target.tls !== null,
      open: (onread) => this.#sockets.open(target, onread),
      onEmpty: () => this.#pools.delete(target.key),
    }
    if (!target.http2) return new UpstreamPool(options)
    return new Http2Pool(options, (wanted, waiter) =>
      this.acquire({ ...wanted, key: http1Key(wanted), http2: false }, waiter),
    )
  }
}

function http1Key({ key }: UpstreamTarget): string {
  return `h1 ${key}`
}
