import type { OnReadOpts, Socket } from 'node:net'
import type { Deadlines, Expiring } from '../limits/deadlines.ts'
import { guarded, type OnFault } from '../limits/faults.ts'
import type { Limits } from '../limits/limits.ts'
import type { Opening } from './upstream-carrier.ts'
import { connectFailure, type UpstreamFailure } from './upstream-failure.ts'

export interface ConnectionOptions {
  deadlines: Deadlines
  limits: Limits
  /** Handles internal errors outside of any exchange. */
  fault: OnFault
  isTls: boolean
}

export interface PoolOptions extends ConnectionOptions {
  /** Opens a socket; without `onread` it emits `data` as usual. */
  open: (onread?: OnReadOpts) => Socket
  /** There are no connections and no queued requests. */
  onEmpty: () => void
}

interface AttemptEvents {
  /** TCP's and TLS's handshakes are done. */
  onConnected(socket: Socket): void
  /** The socket has closed; `failure` is the reason if that was before `end`. */
  onClosed(failure: UpstreamFailure): void
}

export class ConnectAttempt implements Expiring {
  readonly deadlineAt: number
  readonly opening: Opening = { openedAt: performance.now(), connectedAt: 0, securedAt: 0 }
  isEnded = false
  readonly #options: PoolOptions
  readonly #socket: Socket
  #failure: UpstreamFailure | null = null

  constructor(
    options: PoolOptions,
    { connectMs, onread }: { connectMs: number; onread?: OnReadOpts },
    { onConnected, onClosed }: AttemptEvents,
  ) {
    const { deadlines, isTls, open } = options
    this.#options = options
    this.#socket = open(onread)
    this.deadlineAt = deadlines.now + connectMs
    deadlines.add(this)
    const closed = this.#guarded(() => {
      deadlines.remove(this)
      onClosed(this.#failure ?? { kind: 'closed', code: 'EOF' })
    })
    const connected = this.#guarded(() => {
      if (isTls) this.opening.securedAt = performance.now()
      onConnected(this.#socket)
    })
    this.#socket.on('error', (error) => this.onError(error)).once('close', closed)
    this.#socket.once('connect', () => (this.opening.connectedAt = performance.now()))
    this.#socket.once(isTls ? 'secureConnect' : 'connect', connected)
  }

  /** The connection is ready, or no longer wanted. */
  end(): void {
    this.isEnded = true
    this.#options.deadlines.remove(this)
  }

  expire(): void {
    this.#failure = { kind: 'connect-timeout', code: 'ETIMEDOUT' }
    this.#socket.destroy()
  }

  onError(error: NodeJS.ErrnoException): void {
    this.#failure ??= connectFailure(error)
  }

  /** An internal error ends the connection alone. */
  #guarded(listener: () => void): () => void {
    return guarded((error) => {
      this.#options.fault('A connection to an origin failed', error)
      this.#socket.destroy()
    }, listener)
  }
}
