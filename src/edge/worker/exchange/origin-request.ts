import type { EdgeRequest } from '../http/request.ts'
import { handshakeKey, switchesToWebsocket } from '../http/websocket-handshake.ts'
import type { MessageHead } from '../http/http-parser.ts'
import type { ConnectionFacts, ExchangeFacts } from '../observe/observe.ts'
import { OriginAttempts } from '../origins/origin-attempts.ts'
import { slotTarget, type Destination, type UpstreamTarget } from '../origins/upstream-target.ts'
import type { ResponseSink, UpstreamCarrier, UpstreamWaiter } from '../origins/upstream-carrier.ts'
import type { UpstreamFailure } from '../origins/upstream-failure.ts'
import type { ClientStream } from './client-stream.ts'
import type { EdgeState } from './edge-state.ts'

export interface OriginRequestOptions {
  edge: EdgeState
  request: EdgeRequest
  facts: ExchangeFacts
  client: Pick<ClientStream, 'resumeBody' | 'converse'>
  /** Receives the response, and failures after which the request is not repeated. */
  exchange: ResponseSink & { endByFault(error: unknown): void }
}

/**
 * Request of one exchange on its way to an origin. Its body is held until there is a connection, and the
 * request is repeated, at the same origin or at another, where `OriginAttempts` allows it.
 */
export class OriginRequest implements UpstreamWaiter {
  readonly claimant: ConnectionFacts
  target: UpstreamTarget | null = null
  readonly #options: OriginRequestOptions
  #sent: EdgeRequest
  #attempts: OriginAttempts | null = null
  #carrier: UpstreamCarrier | null = null
  #takeBack: (() => void) | null = null
  /**
   * Bytes wait for a connection, those of a websocket for the origin's switch: before that, HTTP/1.1 would
   * read them as the next request, and its response would go to the next user of the connection.
   */
  #isHolding = true
  #early: Buffer[] = []
  /** Null until the client has sent everything. */
  #trailers: string[] | null = null
  #tunnel: 'open' | 'declined' | null = null

  constructor(options: OriginRequestOptions) {
    this.#options = options
    this.#sent = options.request
    this.claimant = options.facts.connection
  }

  get hasEnded(): boolean {
    return this.#trailers !== null
  }

  /** Whether clients with a smaller share of the origin wait for it. */
  get isContended(): boolean {
    if (this.#carrier === null || this.target === null) return false
    return this.#options.edge.upstreams.isContended(this.target, this.claimant)
  }

  send(request: EdgeRequest, destination: Destination): void {
    this.#sent = request
    this.#attempts = new OriginAttempts(destination, request)
    this.#ask(this.#attempts, false)
  }

  /** Handles a piece of the body, or websocket bytes. False: wait for `resumeBody` of the client's stream. */
  write(chunk: Buffer): boolean {
    if (this.#isHolding) {
      this.#early.push(chunk)
      return false
    }
    // Websocket bytes after the origin has declined have no destination.
    if (!this.#carrier || this.#tunnel === 'declined') return true
    return this.#sendBody(this.#carrier, chunk)
  }

  end(trailers: string[]): void {
    this.#trailers = trailers
    if (this.#carrier && !this.#isHolding) this.#sendEnd(this.#carrier, trailers)
  }

  resume(): void {
    this.#carrier?.resume()
  }

  destroy(): void {
    this.#takeBack?.()
    this.#carrier?.destroy()
    this.#carrier = null
  }

  onCarrier(carrier: UpstreamCarrier): void {
    try {
      this.#start(carrier)
    } catch (error) {
      this.#options.exchange.endByFault(error)
    }
  }

  onFailure(failure: UpstreamFailure): void {
    this.#options.exchange.onFailure(failure)
  }

  /** Handles a final response other than the switch to a websocket. */
  answered(status: number): void {
    if (this.#sent.upgrade) this.#onDeclined()
    // An origin that answers before the request is complete may be in a dialogue with it.
    else if (this.target?.http2 && !this.hasEnded) this.#options.client.converse?.()
    this.#attempts?.answered(status)
  }

  /** Whether a 101 switches to the websocket that was asked for. */
  isSwitch({ headers }: MessageHead): boolean {
    return switchesToWebsocket(headers, handshakeKey(this.#sent))
  }

  /** Sends the held websocket bytes to the origin, which has switched. */
  openTunnel(): void {
    this.#tunnel = 'open'
    if (this.#carrier) this.#release(this.#carrier)
  }

  /** The response is complete: its carrier may serve others. */
  complete(): void {
    this.#carrier = null
  }

  isRepeated(failure: UpstreamFailure, hasBegun: boolean): boolean {
    const carrier = this.#carrier
    const attempts = this.#attempts
    this.#carrier = null
    if (!attempts) return false
    const isFresh = !hasBegun && carrier !== null && attempts.repeats(carrier, failure)
    if (!isFresh) attempts.failed(failure)
    if (!isFresh && (hasBegun || !attempts.movesOn(carrier, failure))) return false
    this.#options.facts.retried = true
    this.#ask(attempts, isFresh)
    return true
  }

  /** `isFresh` demands a new connection. */
  #ask({ slot }: OriginAttempts, isFresh: boolean): void {
    const { edge, facts } = this.#options
    const target = slotTarget(slot, this.#sent)
    this.#isHolding = true
    this.target = target
    facts.origin = target
    this.#takeBack = edge.upstreams.acquire(target, this, isFresh)
  }

  #start(carrier: UpstreamCarrier): void {
    const { edge, request, facts, client, exchange } = this.#options
    const target = this.target!
    this.#carrier = carrier
    facts.opening = carrier.opening
    facts.reused = carrier.isReused
    facts.sentAt = performance.now()
    this.#isHolding = request.upgrade !== null
    carrier.start(this.#sent, target, edge.identity, exchange)
    if (request.upgrade) return
    if (request.bodyLength === 0) return carrier.endRequest(noTrailers)
    if (target.http2 && rpcPattern.test(request.lines)) client.converse?.()
    this.#release(carrier)
  }

  #release(carrier: UpstreamCarrier): void {
    const early = this.#early
    this.#early = []
    this.#isHolding = false
    for (const chunk of early) this.#sendBody(carrier, chunk)
    if (this.#trailers) this.#sendEnd(carrier, this.#trailers)
    else if (early.length > 0) this.#options.client.resumeBody()
  }

  /** Drops held websocket bytes when the origin answers without switching. */
  #onDeclined(): void {
    this.#tunnel = 'declined'
    this.#early = []
    this.#isHolding = false
    this.#carrier?.endRequest(noTrailers)
    this.#options.client.resumeBody()
  }

  #sendBody(carrier: UpstreamCarrier, chunk: Buffer): boolean {
    if (this.#attempts) this.#attempts.hasSentBody = true
    return carrier.write(chunk)
  }

  #sendEnd(carrier: UpstreamCarrier, trailers: string[]): void {
    if (this.#tunnel === 'open') carrier.endTunnel()
    else carrier.endRequest(trailers)
  }
}

const noTrailers: string[] = []
/** Calls whose client may be silent before the origin's first response. */
const rpcPattern = /^content-type: application\/(?:grpc|connect)/im
