import type { Claimant, Share } from '../limits/fair-share.ts'
import { ConnectAttempt, type PoolOptions } from './connect-attempt.ts'
import { nothingToTakeBack, type UpstreamWaiter } from './upstream-carrier.ts'
import { UpstreamConnection } from './upstream-connection.ts'
import type { UpstreamTarget } from './upstream-target.ts'
import { WaitingList, type WaitingRequest } from './waiting-list.ts'

/** One read buffer for every upstream socket: libuv reads and calls back before it reads another. */
const largeRead = Buffer.allocUnsafeSlow(1024 * 1024)
const smallRead = largeRead.subarray(0, 64 * 1024)

/** Connections to one origin, limited and shared fairly; the most recently used one is reused first. */
export class UpstreamPool {
  readonly #options: PoolOptions
  readonly #idle: UpstreamConnection[] = []
  /** Idle too, but reserved for the client that has authenticated them. */
  readonly #bound: UpstreamConnection[] = []
  readonly #shares: WaitingList
  #openCount = 0

  constructor(options: PoolOptions) {
    this.#options = options
    this.#shares = new WaitingList(options.limits.waitingPerOrigin)
  }

  /** Provides a connection, now or later; a new one if `isFresh`. Returns a function that cancels. */
  acquire(target: UpstreamTarget, waiter: UpstreamWaiter, isFresh: boolean): () => void {
    const { connectionsPerOrigin } = this.#options.limits
    const share = this.#shares.of(waiter.claimant)
    if (this.#shares.mayHold(share, connectionsPerOrigin)) {
      const idle = isFresh ? undefined : this.#takeIdle(waiter.claimant)
      if (idle) {
        this.#give(idle, share, waiter)
        return nothingToTakeBack
      }
      if (this.#openCount < connectionsPerOrigin) return this.#connect(target, waiter, share)
    }
    const takeBack = this.#shares.add(target, waiter, share)
    // Closes an idle connection that is reserved for one client, so that another can open.
    if (takeBack) this.#bound.shift()?.destroy()
    return takeBack ?? nothingToTakeBack
  }

  isContended(claimant: Claimant): boolean {
    return this.#shares.isContended(claimant)
  }

  closeIdle(): void {
    for (const connection of [...this.#idle.splice(0), ...this.#bound.splice(0)]) connection.destroy()
  }

  #takeIdle(client?: object): UpstreamConnection | undefined {
    const own = this.#bound.length === 0 || !client ? undefined : this.#takeBound(client)
    if (own) return own
    for (;;) {
      const connection = this.#idle.pop()
      if (!connection || !connection.isClosed) return connection
    }
  }

  #takeBound(client: object): UpstreamConnection | undefined {
    const at = this.#bound.findIndex(({ boundTo, isClosed }) => boundTo === client && !isClosed)
    return at < 0 ? undefined : this.#bound.splice(at, 1)[0]
  }

  #give(connection: UpstreamConnection, share: Share<WaitingRequest>, waiter: UpstreamWaiter): void {
    this.#shares.hold(share)
    connection.holder = share
    waiter.onCarrier(connection)
  }

  /** The share keeps its slot until the attempt has ended, even if the request is cancelled. */
  #connect({ timeouts }: UpstreamTarget, first: UpstreamWaiter, share: Share<WaitingRequest>): () => void {
    let waiter: UpstreamWaiter | null = first
    let connection: UpstreamConnection | null = null
    const callback = (length: number, buffer: Uint8Array) =>
      connection?.onRead((buffer as Buffer).subarray(0, length)) ?? true
    const buffer = () => (connection?.mayReadMuch ? largeRead : smallRead)
    const wanted = { connectMs: timeouts.connectMs, onread: { buffer, callback } }
    const attempt = new ConnectAttempt(this.#options, wanted, {
      onConnected: (socket) => {
        attempt.end()
        const onIdle = (): void => this.#onIdle(ready)
        const ready = new UpstreamConnection(socket, attempt.opening, this.#options, onIdle)
        connection = ready
        ready.holder = share
        if (waiter) waiter.onCarrier(ready)
        else onIdle()
      },
      // Comes before the close of the exchange, which may ask for another connection.
      onClosed: (failure) => {
        if (connection) return this.#onClosed(connection)
        this.#shares.release(share)
        this.#onClosed(null)
        waiter?.onFailure(failure)
      },
    })
    this.#openCount += 1
    this.#shares.hold(share)
    return () => {
      waiter = null
    }
  }

  #onIdle(connection: UpstreamConnection): void {
    this.#release(connection)
    if (connection.boundTo) return this.#keepBound(connection)
    this.#idle.push(connection)
    this.#serve()
  }

  #keepBound(connection: UpstreamConnection): void {
    if (this.#shares.waiting > 0) connection.destroy()
    else this.#bound.push(connection)
  }

  #onClosed(connection: UpstreamConnection | null): void {
    this.#openCount -= 1
    if (connection) {
      this.#release(connection)
      const among = connection.boundTo ? this.#bound : this.#idle
      const at = among.indexOf(connection)
      if (at >= 0) among.splice(at, 1)
    }
    this.#serve()
    if (this.#openCount === 0 && this.#shares.waiting === 0) this.#options.onEmpty()
  }

  #release(connection: UpstreamConnection): void {
    if (connection.holder) this.#shares.release(connection.holder as Share<WaitingRequest>)
    connection.holder = null
  }

  #serve(): void {
    const { connectionsPerOrigin } = this.#options.limits
    while (this.#shares.waiting > 0) {
      const idle = this.#takeIdle()
      if (!idle && this.#openCount >= connectionsPerOrigin) return
      const waiting = this.#shares.next(connectionsPerOrigin)
      if (waiting && idle) this.#give(idle, waiting.share, waiting.waiter)
      else if (waiting) waiting.takeBack = this.#connect(waiting.target, waiting.waiter, waiting.share)
      else {
        if (idle) this.#idle.push(idle)
        return
      }
    }
  }
}
