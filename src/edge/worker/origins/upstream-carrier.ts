import type { Claimant } from '../limits/fair-share.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { MessageHead } from '../http/http-parser.ts'
import type { ResponseHead } from '../http/response.ts'
import type { UpstreamTarget } from './upstream-target.ts'
import type { UpstreamFailure } from './upstream-failure.ts'

export interface EdgeIdentity {
  /** Ports as a client outside sees them, from the configuration. */
  publicPorts: { https: number; http: number }
  /** Pseudonym in Via fields, unique to this process: seeing it in a request means a loop. */
  readonly viaName: string
}

export interface Opening {
  openedAt: number
  connectedAt: number
  /** End of the TLS handshake; 0 for plain HTTP. */
  securedAt: number
}

/** Carrier of one exchange with an origin: an HTTP/1.1 connection or an HTTP/2 stream. */
export interface UpstreamCarrier {
  readonly opening: Opening | null
  /** It has carried an exchange before, so its origin may close it just as the next one is written. */
  readonly isReused: boolean
  readonly hasAnswered: boolean
  start(request: EdgeRequest, target: UpstreamTarget, identity: EdgeIdentity, sink: ResponseSink): void
  /** Sends a piece of the request's body, or of the switched protocol. False: wait for `onDrain`. */
  write(bytes: Buffer): boolean
  endRequest(trailers: string[]): void
  endTunnel(): void
  resume(): void
  /** Does not notify the sink. */
  destroy(): void
}

/**
 * Receiver of one response. Chunks are views of a buffer that all upstream sockets share: they are valid
 * until `flush` has returned, so `flush` must have written or copied them.
 */
export interface ResponseSink {
  readonly isHead: boolean
  readonly wantsUpgrade: boolean
  readonly claimant: object
  /** The next read may fill the whole shared buffer. */
  readonly mayReadMuch: boolean
  onInformational(head: MessageHead): void
  onHead(head: ResponseHead): void
  /** The protocol was switched; further data belongs to the new one. */
  onSwitch(head: MessageHead): void
  onData(chunk: Buffer): void
  onEnd(trailers: string[]): void
  /** End of one read. False: read no more until `resume`. */
  flush(): boolean
  /** All written bytes have been sent. */
  onDrain(): void
  onFailure(failure: UpstreamFailure): void
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
