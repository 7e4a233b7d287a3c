import type { TLSSocket } from 'node:tls'
import type { ClientCertificate } from '../tls/client-certificate.ts'
import type { ClientHello } from '../tls/client-hello.ts'
import { noFields, type Fields } from '../http/fields.ts'
import type { RefusalReason } from '../../protocol/told.ts'
import type { Arrival, NamedHost } from '../http/request.ts'
import type { UpstreamFailure } from '../origins/upstream-response.ts'
import type { UpstreamTarget } from '../origins/upstream-target.ts'

/**
 * What the worker tells of its work. Every exchange and every handshake is told once, when it has
 * ended, however it ended. The facts are made on the data path: plain fields, set where the thing
 * happens, so that what nobody looks at costs next to nothing. An observer must not keep or change
 * them beyond what it needs, must not throw, and must be quick: it runs between two requests.
 *
 * Bytes are those of HTTP as the client sees it, handed to or taken from its connection: bodies
 * without the framing of chunks or frames, and heads as HTTP/1.1 writes them. HTTP/2 compresses its
 * heads against each other, so that none has a size of its own; there each field counts as its line
 * would. TLS, trailers and interim framing are not counted. Times are those of `performance.now()`,
 * 0 for what did not happen.
 */
export interface Observer {
  exchangeEnded(facts: ExchangeFacts): void
  handshake(facts: HandshakeFacts): void
}

/** The permanent observer, which must be cheap, and the one that exists only while somebody watches. */
export class Observers implements Observer {
  detail: Observer | null = null
  readonly #always: Observer

  constructor(always: Observer) {
    this.#always = always
  }

  exchangeEnded(facts: ExchangeFacts): void {
    this.#always.exchangeEnded(facts)
    this.detail?.exchangeEnded(facts)
  }

  handshake(facts: HandshakeFacts): void {
    this.#always.handshake(facts)
    this.detail?.handshake(facts)
  }
}

export interface HandshakeFacts {
  result: 'full' | 'resumed' | 'refused'
  /** Why it was refused; null otherwise. */
  reason: RefusalReason | null
  /** The client's alert as RFC 8446 names it (`unknown_ca`), or OpenSSL's code where the reason is `failed`. */
  detail: string | null
  /** The name that was asked for, normalised, where one is known. */
  serverName: string | null
  /** The domain of that name; null where there is none. */
  domain: string | null
  remoteAddress: string
  /** What the client began with; null where it sent no such thing. */
  hello: ClientHello | null
  /** Null where it was refused. */
  connection: ConnectionFacts | null
}

export type HttpProtocol = 'h1' | 'h2'

/** Counts connections of this process, for those who put exchanges together. */
let connections = 0

/** A client's connection. Everything is read while it is open, because a closed socket tells nothing. */
export class ConnectionFacts implements Arrival {
  readonly id = (connections += 1)
  readonly openedAt = performance.now()
  named?: NamedHost
  readonly secure: boolean
  readonly serverName: string | null
  readonly remoteAddress: string
  readonly clientCertificate: ClientCertificate | null
  readonly protocol: HttpProtocol
  /** As OpenSSL names it, `TLSv1.3`; null over plain HTTP. */
  readonly tlsVersion: string | null
  /** As RFC 8446 names it; null over plain HTTP. */
  readonly cipher: string | null
  readonly resumed: boolean
  /** Null where none was agreed on. */
  readonly alpn: string | null

  constructor(arrival: Arrival, tls: TLSSocket | null) {
    this.secure = arrival.secure
    this.serverName = arrival.serverName
    this.remoteAddress = arrival.remoteAddress
    this.clientCertificate = arrival.clientCertificate
    this.alpn = tls && typeof tls.alpnProtocol === 'string' ? tls.alpnProtocol : null
    this.protocol = this.alpn === 'h2' ? 'h2' : 'h1'
    this.tlsVersion = tls?.getProtocol() ?? null
    this.cipher = tls?.getCipher()?.standardName ?? null
    this.resumed = tls?.isSessionReused() ?? false
  }
}

/** How a connection to an origin came about. */
export interface Opening {
  openedAt: number
  /** TCP's handshake is done. */
  connectedAt: number
  /** TLS's handshake is done; 0 for plain HTTP. */
  securedAt: number
}

/**
 * `complete`: answered whole, by the origin or with a redirect. `refused`: answered by the edge with a
 * problem. `origin-failed`: the origin gave no answer, or not all of it. `client-gone`: the client left
 * or took too long. `stopped`: the edge ended first.
 */
export type Outcome = 'complete' | 'refused' | 'origin-failed' | 'client-gone' | 'stopped'

/** One request and its answer. */
export class ExchangeFacts {
  readonly connection: ConnectionFacts
  /** The domain whose route served it, `*.shop.test` for one; null where none did. */
  domain: string | null = null
  /** Empty where the request could not be read. */
  method: string
  target: string
  host = ''
  /** A websocket was opened; either side may have closed it. */
  websocket = false
  /** As they came; those of HTTP/2 begin with its pseudo-header fields. */
  requestHeaders: Fields
  /** As the origin gave them; empty where the answer is the edge's own. */
  responseHeaders: Fields = noFields
  /** What the client was told; 0 where it was told nothing. */
  status = 0
  requestHeadBytes = 0
  requestBodyBytes = 0
  responseHeadBytes = 0
  responseBodyBytes = 0

  /** The request's head was complete. */
  readonly receivedAt = performance.now()
  /** A connection to the origin was there and the head written to it. Less `receivedAt`, and less what `opening` took, it was queued. */
  sentAt = 0
  /** The answer's head was there. */
  answeredAt = 0
  /** The answer was handed to the client's connection, or given up. */
  endedAt = 0

  /** Where it was sent, or would have been. */
  origin: Pick<UpstreamTarget, 'host' | 'port' | 'tls' | 'folder'> | null = null
  /** The connection that it was sent on; null where there was none. */
  opening: Opening | null = null
  /** That connection had carried others before. */
  reused = false
  /** It was sent twice, because a used connection closed under it. */
  retried = false
  /** Where the client was redirected to by the domain's setting. */
  redirect: string | null = null

  outcome: Outcome = 'complete'
  failure: UpstreamFailure | null = null
  /** The sentence that the client was told when it was refused. */
  refusal: string | null = null

  constructor(connection: ConnectionFacts, head: { method: string; target: string; headers: Fields }) {
    this.connection = connection
    this.method = head.method
    this.target = head.target
    this.requestHeaders = head.headers
  }

  answer(status: number): void {
    this.status = status
    this.answeredAt = performance.now()
  }

  /** Tells it; to be called once. `isWhole`: the client has been given the whole answer. */
  end(observer: Observer, isWhole: boolean, isDraining: boolean): void {
    this.endedAt = performance.now()
    if (this.failure) this.outcome = 'origin-failed'
    else if (this.refusal !== null) this.outcome = 'refused'
    else if (!isWhole && !this.websocket) this.outcome = isDraining ? 'stopped' : 'client-gone'
    observer.exchangeEnded(this)
  }
}
