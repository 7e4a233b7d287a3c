import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Deadlines } from '../limits/deadlines.ts'
import { FairShare, type Claimant, type Share } from '../limits/fair-share.ts'
import { guarded, type OnFault } from '../limits/faults.ts'
import type { Limits } from '../limits/limits.ts'
import { nothingToTakeBack, type UpstreamWaiter } from './upstream-carrier.ts'
import { connectFailure, type UpstreamFailure } from './upstream-failure.ts'
import { Http2UpstreamSession } from './upstream-http2-session.ts'
import type { UpstreamTarget } from './upstream-target.ts'

export interface Http2PoolOptions {
  deadlines: Deadlines
  limits: Limits
  fault: OnFault
  isTls: boolean
  open: () => Socket
  /** Fallback for an origin that does not offer HTTP/2. */
  acquireHttp1: (target: UpstreamTarget, waiter: UpstreamWaiter) => () => void
  /** There are no sessions and no queued requests. */
  onEmpty: () => void
}

interface WaitingRequest {
  target: UpstreamTarget
  waiter: UpstreamWaiter
  share: Share<WaitingRequest>
  /** Cancels the request wherever it is now. */
  takeBack: () => void
}

/**
 * HTTP/2 sessions to one origin. A session carries as many streams as the origin allows; another is opened
 * when all are full. Clients share the streams fairly. The origin's protocol is negotiated once in a while,
 * not each time.
 */
export class Http2Pool {
  readonly #options: Http2PoolOptions
  readonly #sessions: Http2UpstreamSession[] = []
  readonly #shares = new FairShare<WaitingRequest>()
  #isConnecting = false
  /** The origin refused the last additional session. */
  #isRefused = false
  /** The origin is known to speak HTTP/1.1 only, for a while. */
  #isHttp1 = false

  constructor(options: Http2PoolOptions) {
    this.#options = options
  }

  /** Provides a stream, now or later. Returns a function that cancels the request. */
  acquire(target: UpstreamTarget, waiter: UpstreamWaiter, isFresh: boolean): () => void {
    const { limits, acquireHttp1 } = this.#options
    if (this.#isHttp1) return acquireHttp1(target, waiter)
    const share = this.#shares.of(waiter.claimant)
    const mayHold = this.#shares.mayHold(share, this.#slots)
    const session = mayHold && this.#sessions.find((one) => one.hasCapacity && !(isFresh && one.isReused))
    if (session) {
      this.#give(session, share, waiter)
      return nothingToTakeBack
    }
    const waiting: WaitingRequest = { target, waiter, share, takeBack: nothingToTakeBack }
    const displaced = this.#shares.displace(share, limits.waitingPerOrigin)
    if (!this.#shares.wait(share, waiting, limits.waitingPerOrigin)) {
      waiter.onFailure({ kind: 'busy', code: 'WAITING' })
      return nothingToTakeBack
    }
    displaced?.waiter.onFailure({ kind: 'busy', code: 'DISPLACED' })
    if (mayHold) this.#connect(target)
    return () => {
      if (!this.#shares.forget(share, waiting)) waiting.takeBack()
    }
  }

  /** Whether a claimant with less of it than `claimant` is waiting. */
  isContended(claimant: Claimant): boolean {
    return this.#shares.isContended(claimant)
  }

  closeIdle(): void {
    for (const session of [...this.#sessions]) session.retire()
  }

  /** Maximum number of streams; the current number if the origin accepts no more sessions. */
  get #slots(): number {
    const [first] = this.#sessions
    const { sessionsPerOrigin, streamsPerSession } = this.#options.limits
    const sessions = this.#isRefused ? this.#sessions.length : sessionsPerOrigin
    return sessions * (first?.mostStreams ?? streamsPerSession)
  }

  #give(session: Http2UpstreamSession, share: Share<WaitingRequest>, waiter: UpstreamWaiter): void {
    this.#shares.hold(share)
    waiter.onCarrier(session.openStream(share))
  }

  #connect({ timeouts }: UpstreamTarget): void {
    const { deadlines, limits, fault, isTls, open } = this.#options
    if (this.#isConnecting || this.#sessions.length >= limits.sessionsPerOrigin) return
    this.#isConnecting = true
    let failure: UpstreamFailure | null = null
    const attempt = {
      deadlineAt: deadlines.now + timeouts.connectMs,
      expire: () => {
        failure = { kind: 'connect-timeout', code: 'ETIMEDOUT' }
        socket.destroy()
      },
    }
    deadlines.add(attempt)
    const opening = { openedAt: performance.now(), connectedAt: 0, securedAt: 0 }
    const socket = open()
    const onError = (error: NodeJS.ErrnoException): void => {
      failure ??= connectFailure(error)
    }
    const guard = (listener: () => void) =>
      guarded((error) => {
        fault('A connection to an origin failed', error)
        socket.destroy()
      }, listener)
    const onClose = guard(() => {
      deadlines.remove(attempt)
      this.#isConnecting = false
      this.#failAll(failure ?? { kind: 'closed', code: 'EOF' })
    })
    socket.on('error', onError).once('close', onClose)
    socket.once('connect', () => (opening.connectedAt = performance.now()))
    const onConnected = guard(() => {
      if (isTls) opening.securedAt = performance.now()
      if (isTls && (socket as TLSSocket).alpnProtocol !== 'h2') {
        deadlines.remove(attempt)
        socket.off('close', onClose).destroy()
        return this.#fallBack()
      }
      const session: Http2UpstreamSession = new Http2UpstreamSession(socket, opening, deadlines, limits, {
        onReady: () => {
          deadlines.remove(attempt)
          socket.off('error', onError).off('close', onClose)
          this.#isConnecting = false
          this.#isRefused = false
          this.#sessions.push(session)
          this.#serve()
        },
        onError,
        onEnded: (holder) => this.#shares.release(holder as Share<WaitingRequest>),
        onCapacity: () => this.#serve(),
        onClosed: () => this.#onClosed(session),
        fault,
      })
    })
    socket.once(isTls ? 'secureConnect' : 'connect', onConnected)
  }

  #fallBack(): void {
    const { deadlines, limits, acquireHttp1 } = this.#options
    this.#isConnecting = false
    this.#isHttp1 = true
    const memory = {
      deadlineAt: deadlines.now + limits.http1RememberedMs,
      expire: () => {
        deadlines.remove(memory)
        this.#isHttp1 = false
        this.#tellIfEmpty()
      },
    }
    deadlines.add(memory)
    for (const waiting of this.#shares.takeAll())
      waiting.takeBack = acquireHttp1(waiting.target, waiting.waiter)
  }

  #serve(): void {
    while (this.#shares.waiting > 0) {
      const session = this.#sessions.find((one) => one.hasCapacity)
      if (!session) break
      const waiting = this.#shares.next(this.#slots)
      if (!waiting) return
      this.#give(session, waiting.share, waiting.waiter)
    }
    const next = this.#shares.first
    if (next) this.#connect(next.target)
  }

  /** Fails the queued requests, unless other sessions remain to serve them. */
  #failAll(failure: UpstreamFailure): void {
    this.#isRefused = this.#sessions.length > 0
    if (this.#isRefused) return
    for (const { waiter } of this.#shares.takeAll()) waiter.onFailure(failure)
    this.#tellIfEmpty()
  }

  #onClosed(session: Http2UpstreamSession): void {
    const at = this.#sessions.indexOf(session)
    if (at >= 0) this.#sessions.splice(at, 1)
    this.#isRefused = false
    this.#serve()
    this.#tellIfEmpty()
  }

  #tellIfEmpty(): void {
    const isInUse = this.#sessions.length > 0 || this.#shares.waiting > 0 || this.#isConnecting
    if (!isInUse && !this.#isHttp1) this.#options.onEmpty()
  }
}
