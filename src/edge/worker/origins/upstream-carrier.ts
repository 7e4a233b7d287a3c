import type { Claimant } from '../limits/fair-share.ts'
import type { Opening } from '../observe/observe.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { ResponseSink, UpstreamFailure } from './upstream-response.ts'
import type { UpstreamTarget } from './upstream-target.ts'

export interface EdgeIdentity {
  /** Ports as a client outside sees them, from the configuration. */
  publicPorts: { https: number; http: number }
  /** Pseudonym in Via fields, unique to this process: seeing it in a request means a loop. */
  readonly viaName: string
}

/** Carrier of one exchange with an origin: an HTTP/1.1 connection or an HTTP/2 stream. */
export interface UpstreamCarrier {
  /** Timing of its connection; null if there is none. */
  readonly opening: Opening | null
  /** It has carried an exchange before, so its origin may close it just as the next one is written. */
  readonly isReused: boolean
  readonly hasAnswered: boolean
  start(request: EdgeRequest, target: UpstreamTarget, identity: EdgeIdentity, sink: ResponseSink): void
  /** Sends a piece of the request's body, or of the switched protocol. False: wait for `onDrain`. */
  write(bytes: Buffer): boolean
  endRequest(trailers: string[]): void
  /** Half-closes a switched connection. */
  endTunnel(): void
  resume(): void
  /** Does not notify the sink. */
  destroy(): void
}

/** Request for a carrier. After a failure reported here, no byte was sent to the origin. */
export interface UpstreamWaiter {
  /** Claimant charged for the slot: the same object for all requests of one client connection. */
  readonly claimant: Claimant
  onCarrier(carrier: UpstreamCarrier): void
  onFailure(failure: UpstreamFailure): void
}

/** No-op for a request that was already answered or refused. */
export const nothingToTakeBack = (): void => undefined
