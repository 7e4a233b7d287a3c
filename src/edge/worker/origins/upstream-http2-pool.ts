import type { TLSSocket } from 'node:tls'
import type { Claimant, Share } from '../limits/fair-share.ts'
import { ConnectAttempt, type PoolOptions } from './connect-attempt.ts'
import { nothingToTakeBack, type UpstreamWaiter } from './upstream-carrier.ts'
import type { UpstreamFailure } from './upstream-failure.ts'
import { Http2UpstreamSession } from './upstream-http2-session.ts'
import type { UpstreamTarget } from './upstream-target.ts'
import { WaitingList, type WaitingRequest } from './waiting-list.ts'

/**
 * HTTP/2 sessions to one origin. A session carries as many streams as the origin allows; another is opened
 * when all are full. Clients share the streams fairly. The origin's protocol is negotiated once in a while,
 * not each time.
 */
export class Http2Pool {
  readonly #options: PoolOptions
  readonly #acquireHttp1: (target: UpstreamTarget, waiter: UpstreamWaiter) => () => void
  readonly #sessions: Http2UpstreamSession[] = []
  readonly #shares: WaitingList
  #isConnecting = false
  /** The origin refused the last additional session. */
  #isRefused = false
  /** The origin is known to speak HTTP/1.1 only, for a while. */
  #isHttp1 = false

  /** `acquireHttp1` is the fallback for an origin that does not offer HTTP/2. */
  constructor(
    options: PoolOptions,
    acquireHttp1: (target: UpstreamTarget, waiter: UpstreamWaiter) => () => void,
  ) {
    this.#options = options
    this.#acquireHttp1 = acquireHttp1
    this.#shares = new WaitingList(options.limits.waitingPerOrigin)
  }

  /** Provides a stream, now or later. Returns a function that cancels the request. */
  acquire(target: UpstreamTarget, waiter: UpstreamWaiter, isFresh: boolean): () => void {
    if (this.#isHttp1) return this.#acquireHttp1(target, waiter)
    const share = this.#shares.of(waiter.claimant)
    const mayHold = this.#shares.mayHold(share, this.#slots)
    const session = mayHold && this.#sessions.find((one) => one.hasCapacity && !(isFresh && one.isReused))
    if (session) {
      this.#give(session, share, waiter)
      return nothingToTakeBack
    }
    const takeBack = this.#shares.add(target, waiter, share)
    if (takeBack && mayHold) this.#connect(target)
    return takeBack ?? nothingToTakeBack
  }

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
    const { limits, isTls } = this.#options
    if (this.#isConnecting || this.#sessions.length >= limits.sessionsPerOrigin) return
    const attempt = new ConnectAttempt(this.#options, timeouts, {
      onConnected: (socket) => {
        if (isTls && (socket as TLSSocket).alpnProtocol !== 'h2') {
          attempt.end()
          socket.destroy()
          return this.#fallBack()
        }
        const session: Http2UpstreamSession = new Http2UpstreamSession(
          socket,
          attempt.opening,
          this.#options,
          {
            onReady: () => {
              attempt.end()
              this.#isConnecting = false
              this.#isRefused = false
              this.#sessions.push(session)
              this.#serve()
            },
            onError: (error) => attempt.onError(error),
            onEnded: (holder) => this.#shares.release(holder as Share<WaitingRequest>),
            onCapacity: () => this.#serve(),
            onClosed: () => this.#onClosed(session),
          },
        )
      },
      onClosed: (failure) => {
        if (attempt.isEnded) return
        this.#isConnecting = false
        this.#failAll(failure)
      },
    })
    this.#isConnecting = true
  }

  #fallBack(): void {
    const { deadlines, limits } = this.#options
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
      waiting.takeBack = this.#acquireHttp1(waiting.target, waiting.waiter)
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
    this.#shares.failAll(failure)
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
