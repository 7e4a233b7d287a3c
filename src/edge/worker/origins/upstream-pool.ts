import type { OnReadOpts, Socket } from 'node:net'
import type { Deadlines } from '../limits/deadlines.ts'
import { FairShare, type Claimant, type Share } from '../limits/fair-share.ts'
import { guarded, type OnFault } from '../limits/faults.ts'
import type { Limits } from '../limits/limits.ts'
import { nothingToTakeBack, type UpstreamWaiter } from './upstream-carrier.ts'
import { UpstreamConnection } from './upstream-connection.ts'
import { connectFailure, type UpstreamFailure } from './upstream-failure.ts'
import type { UpstreamTarget } from './upstream-target.ts'

export interface PoolOptions {
  deadlines: Deadlines
  limits: Limits
  fault: OnFault
  isTls: boolean
  open: (onread: OnReadOpts) => Socket
  /** There are no connections and no queued requests. */
  onEmpty: () => void
}

interface WaitingRequest {
  target: UpstreamTarget
  waiter: UpstreamWaiter
  share: Share<WaitingRequest>
  /** Cancels it when it is no longer in the queue. */
  takeBack: () => void
}

/** One read buffer for every upstream socket: libuv reads and calls back before it reads another. */
const sharedReadBuffer = Buffer.allocUnsafeSlow(1024 * 1024)

/** Connections to one origin, limited and shared fairly; the most recently used one is reused first. */
export class UpstreamPool {
  readonly #options: PoolOptions
  readonly #idle: UpstreamConnection[] = []
  /** Idle too, but reserved for the client that has authenticated them. */
  readonly #bound: UpstreamConnection[] = []
  readonly #shares = new FairShare<WaitingRequest>()
  #openCount = 0

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** Provides a connection, now or later; a new one if `isFresh`. Returns a function that cancels. */
  acquire(target: UpstreamTarget, waiter: UpstreamWaiter, isFresh: boolean): () => void {
    const { connectionsPerOrigin, waitingPerOrigin } = this.#options.limits
    const share = this.#shares.of(waiter.claimant)
    if (this.#shares.mayHold(share, connectionsPerOrigin)) {
      const idle = isFresh ? undefined : this.#takeIdle(waiter.claimant)
      if (idle) {
        this.#give(idle, share, waiter)
        return nothingToTakeBack
      }
      if (this.#openCount < connectionsPerOrigin) return this.#connect(target, waiter, share)
    }
    const waiting = { target, waiter, share, takeBack: nothingToTakeBack }
    const displaced = this.#shares.displace(share, waitingPerOrigin)
    if (!this.#shares.wait(share, waiting, waitingPerOrigin)) {
      waiter.onFailure({ kind: 'busy', code: 'WAITING' })
      return nothingToTakeBack
    }
    displaced?.waiter.onFailure({ kind: 'busy', code: 'DISPLACED' })
    // Closes an idle connection that is reserved for one client, so that another can open.
    this.#bound.shift()?.destroy()
    return () => {
      if (!this.#shares.forget(share, waiting)) waiting.takeBack()
    }
  }

  /** Whether a claimant with less of it than `claimant` is waiting. */
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
    const { deadlines, limits, fault, isTls, open } = this.#options
    let waiter: UpstreamWaiter | null = first
    let connection: UpstreamConnection | null = null
    let failure: UpstreamFailure | null = null
    const attempt = {
      deadlineAt: deadlines.now + timeouts.connectMs,
      expire: () => {
        failure = { kind: 'connect-timeout', code: 'ETIMEDOUT' }
        socket.destroy()
      },
    }
    deadlines.add(attempt)
    this.#openCount += 1
    this.#shares.hold(share)
    const opening = { openedAt: performance.now(), connectedAt: 0, securedAt: 0 }
    const socket = open({
      buffer: sharedReadBuffer,
      callback: (length, buffer) => connection?.onRead((buffer as Buffer).subarray(0, length)) ?? true,
    })
    const onError = (error: NodeJS.ErrnoException): void => {
      failure ??= connectFailure(error)
    }
    socket.on('error', onError)
    socket.once('connect', () => (opening.connectedAt = performance.now()))
    const guard = (listener: () => void) =>
      guarded((error) => {
        fault('A connection to an origin failed', error)
        socket.destroy()
      }, listener)
    const onConnected = guard(() => {
      deadlines.remove(attempt)
      socket.off('error', onError)
      if (isTls) opening.securedAt = performance.now()
      const ready: UpstreamConnection = new UpstreamConnection(socket, opening, deadlines, limits, {
        isTls,
        onIdle: () => this.#onIdle(ready),
        fault,
      })
      connection = ready
      ready.holder = share
      if (waiter) waiter.onCarrier(ready)
      else this.#onIdle(ready)
    })
    const onClose = guard(() => {
      deadlines.remove(attempt)
      if (!connection) this.#shares.release(share)
      this.#onClosed(connection)
      if (!connection) waiter?.onFailure(failure ?? { kind: 'closed', code: 'EOF' })
    })
    socket.once(isTls ? 'secureConnect' : 'connect', onConnected).once('close', onClose)
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
