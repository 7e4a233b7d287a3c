import type { OnReadOpts, Socket } from 'node:net'
import type { Deadlines } from './deadlines.ts'
import type { Limits } from './limits.ts'
import { nothingToTakeBack, type UpstreamWaiter } from './upstream-carrier.ts'
import { UpstreamConnection } from './upstream-connection.ts'
import { connectFailure } from './upstream-failure.ts'
import type { UpstreamFailure } from './upstream-response.ts'
import type { UpstreamTarget } from './upstream-target.ts'

export interface PoolOptions {
  deadlines: Deadlines
  limits: Limits
  isTls: boolean
  open: (onread: OnReadOpts) => Socket
  /** Neither a connection nor a wish for one is left. */
  onEmpty: () => void
}

/** One read buffer for every upstream socket: libuv reads and calls back before it reads another. */
const sharedReadBuffer = Buffer.allocUnsafeSlow(1024 * 1024)

/** The connections to one origin: at most so many, the most recently used first. */
export class UpstreamPool {
  readonly #options: PoolOptions
  readonly #idle: UpstreamConnection[] = []
  /** Idle as well, but for the client alone that has logged in to them. */
  readonly #bound: UpstreamConnection[] = []
  readonly #waiting: { target: UpstreamTarget; waiter: UpstreamWaiter }[] = []
  #openCount = 0

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** Gives a connection now or later; `isFresh` leaves used ones alone. Returns what takes the wish back. */
  acquire(target: UpstreamTarget, waiter: UpstreamWaiter, isFresh: boolean): () => void {
    const idle = isFresh ? undefined : this.#takeIdle(waiter.client)
    const { limits } = this.#options
    if (idle) waiter.onCarrier(idle)
    else if (this.#openCount < limits.connectionsPerOrigin) return this.#connect(target, waiter)
    else if (this.#waiting.length < limits.waitingPerOrigin) {
      const wish = { target, waiter }
      this.#waiting.push(wish)
      // Nobody has to wait for a connection that only one client may use, and does not.
      this.#bound.shift()?.destroy()
      return () => this.#forget(wish)
    } else waiter.onFailure({ kind: 'busy', code: 'WAITING' })
    return nothingToTakeBack
  }

  closeIdle(): void {
    for (const connection of [...this.#idle.splice(0), ...this.#bound.splice(0)]) connection.destroy()
  }

  #takeIdle(client: object): UpstreamConnection | undefined {
    const own = this.#bound.length === 0 ? undefined : this.#takeBound(client)
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

  #connect({ timeouts }: UpstreamTarget, first: UpstreamWaiter): () => void {
    const { deadlines, limits, isTls, open } = this.#options
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
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      deadlines.remove(attempt)
      socket.off('error', onError)
      if (isTls) opening.securedAt = performance.now()
      const ready = new UpstreamConnection(socket, opening, deadlines, limits, () => this.#onIdle(ready))
      connection = ready
      if (waiter) waiter.onCarrier(ready)
      else this.#onIdle(ready)
    })
    socket.once('close', () => {
      deadlines.remove(attempt)
      this.#onClosed(connection)
      if (!connection) waiter?.onFailure(failure ?? { kind: 'closed', code: 'EOF' })
    })
    return () => {
      waiter = null
    }
  }

  #onIdle(connection: UpstreamConnection): void {
    if (connection.boundTo) return this.#keepBound(connection)
    const next = this.#waiting.shift()
    if (next) next.waiter.onCarrier(connection)
    else this.#idle.push(connection)
  }

  #keepBound(connection: UpstreamConnection): void {
    if (this.#waiting.length > 0) connection.destroy()
    else this.#bound.push(connection)
  }

  #onClosed(connection: UpstreamConnection | null): void {
    this.#openCount -= 1
    if (connection) {
      const among = connection.boundTo ? this.#bound : this.#idle
      const at = among.indexOf(connection)
      if (at >= 0) among.splice(at, 1)
    }
    const next = this.#waiting.shift()
    if (next) this.#connect(next.target, next.waiter)
    else if (this.#openCount === 0) this.#options.onEmpty()
  }

  #forget(wish: { target: UpstreamTarget; waiter: UpstreamWaiter }): void {
    const at = this.#waiting.indexOf(wish)
    if (at >= 0) this.#waiting.splice(at, 1)
  }
}
