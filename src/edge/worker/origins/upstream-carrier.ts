import type { Claimant } from '../limits/fair-share.ts'
import type { Opening } from '../observe/observe.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { ResponseSink, UpstreamFailure } from './upstream-response.ts'
import type { UpstreamTarget } from './upstream-target.ts'

/** What the edge says about itself in a request. */
export interface EdgeIdentity {
  /** Of the configuration: the ports as a client outside sees them. */
  publicPorts: { https: number; http: number }
  /** In Via fields, unique to this process: seeing it in a request means a loop. */
  readonly viaName: string
}

/** What carries one exchange to an origin and back: a connection of HTTP/1.1 or a stream of HTTP/2. */
export interface UpstreamCarrier {
  /** How its connection came about; null where there is none. */
  readonly opening: Opening | null
  /** It has carried an exchange before, so its origin may close it just as the next one is written. */
  readonly isReused: boolean
  /** A byte of the present response has come. */
  readonly hasAnswered: boolean
  start(request: EdgeRequest, target: UpstreamTarget, identity: EdgeIdentity, sink: ResponseSink): void
  /** Sends a piece of the request's body, or of the protocol that was switched to. False: wait for `onDrain`. */
  write(bytes: Buffer): boolean
  /** The request is complete. */
  endRequest(trailers: string[]): void
  /** Half-closes what has switched protocols. */
  endTunnel(): void
  /** The sink takes more. */
  resume(): void
  /** Ends it without notifying the sink. */
  destroy(): void
}

/** Who waits for a carrier. After a failure reported here, no byte was sent to the origin. */
export interface UpstreamWaiter {
  /** Whose part of the origin's slots it takes: the same object for all that one client's connection asks. */
  readonly claimant: Claimant
  onCarrier(carrier: UpstreamCarrier): void
  onFailure(failure: UpstreamFailure): void
}

/** What takes a request back that was already answered or refused. */
export const nothingToTakeBack = (): void => undefined
