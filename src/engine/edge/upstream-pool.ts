import type { OnReadOpts, Socket } from 'node:net'
import type { Deadlines } from './deadlines.ts'
import type { Limits } from './limits.ts'
import { UpstreamConnection } from './upstream-connection.ts'
import type { UpstreamFailure } from './upstream-response.ts'

export interface UpstreamWaiter {
  onConnection(connection: UpstreamConnection): void
  onFailure(failure: UpstreamFailure): void
}

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
  readonly #waiting: UpstreamWaiter[] = []
  #openCount = 0

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** Gives a connection now or later; `isFresh` leaves used ones alone. Returns what takes the wish back. */
  acquire(waiter: UpstreamWaiter, isFresh: boolean): () => void {
    const idle = isFresh ? undefined : this.#takeIdle()
    const { limits } = this.#options
    if (idle) waiter.onConnection(idle)
    else if (this.#openCount < limits.connectionsPerOrigin) return this.#connect(waiter)
    else if (this.#waiting.length < limits.waitingPerOrigin) {
      this.#waiting.push(waiter)
      return () => this.#forget(waiter)
    } else waiter.onFailure({ kind: 'busy', code: 'WAITING' })
    return () => undefined
  }

  closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.destroy()
  }

  #takeIdle(): UpstreamConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop()
      if (!connection || !connection.isClosed) return connection
    }
  }

  #connect(first: UpstreamWaiter): () => void {
    const { deadlines, limits, isTls, open } = this.#options
    let waiter: UpstreamWaiter | null = first
    let connection: UpstreamConnection | null = null
    let failure: UpstreamFailure | null = null
    const attempt = {
      deadlineAt: deadlines.now + limits.connectMs,
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
      if (waiter) waiter.onConnection(ready)
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
    const next = this.#waiting.shift()
    if (next) next.onConnection(connection)
    else this.#idle.push(connection)
  }

  #onClosed(connection: UpstreamConnection | null): void {
    this.#openCount -= 1
    const at = connection ? this.#idle.indexOf(connection) : -1
    if (at >= 0) this.#idle.splice(at, 1)
    const next = this.#waiting.shift()
    if (next) this.#connect(next)
    else if (this.#openCount === 0) this.#options.onEmpty()
  }

  #forget(waiter: UpstreamWaiter): void {
    const at = this.#waiting.indexOf(waiter)
    if (at >= 0) this.#waiting.splice(at, 1)
  }
}

function connectFailure(error: NodeJS.ErrnoException): UpstreamFailure {
  const code = error.code ?? 'UNKNOWN'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { kind: 'unresolved', code }
  if (code === 'ECONNREFUSED') return { kind: 'refused', code }
  if (code === 'ETIMEDOUT') return { kind: 'connect-timeout', code }
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return { kind: 'unreachable', code }
  if (code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'closed', code }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return { kind: 'tls', code }
  if (code.startsWith('ERR_TLS_CERT') || certificateCodes.test(code)) return { kind: 'certificate', code }
  return { kind: 'unreachable', code }
}

/** OpenSSL's verification results, as Node names them. */
const certificateCodes = /CERT|SIGNED|CRL|HOSTNAME|ISSUER|LEAF|CHAIN|CA$|PATH_LENGTH/
