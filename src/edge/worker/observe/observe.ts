import type { TLSSocket } from 'node:tls'
import type { ClientHello } from '../tls/client-hello.ts'
import { noFields, type Fields } from '../http/fields.ts'
import { negotiatedGroup } from '../tls/negotiated-group.ts'
import type { RefusalReason } from '../../protocol/traffic-report.ts'
import type { Opening } from '../origins/upstream-carrier.ts'
import type { UpstreamTarget } from '../origins/upstream-target.ts'
import type { NamedHost, Arrival, ClientCertificate } from '../http/arrival.ts'
import type { UpstreamFailure } from '../origins/upstream-failure.ts'

/**
 * Observer of all exchanges and handshakes. It gets each one once, at its end, whatever the outcome. The
 * facts are plain fields, set on the data path when something happens, so that unobserved traffic costs next
 * to nothing. An observer must not change the facts or keep more of them than it needs, must not throw, and
 * must be quick: it runs between two requests.
 *
 * Bytes are those of HTTP as the client sees it: bodies without the framing of chunks or frames, and heads as
 * HTTP/1.1 writes them. HTTP/2 compresses its heads against each other, so that none has a size of its own;
 * there each field counts as its line would. TLS, trailers and interim framing are not counted. Times are
 * those of `performance.now()`, 0 for events that did not happen.
 */
export interface Observer {
  exchangeEnded(facts: ExchangeFacts): void
  handshake(facts: HandshakeFacts): void
}

/** Combines the permanent observer, which must be cheap, and a temporary one for details. */
export class Observers implements Observer {
  detail: Observer | null = null
  unserved: Pick<Observer, 'exchangeEnded'> | null = null
  readonly #always: Observer

  constructor(always: Observer) {
    this.#always = always
  }

  exchangeEnded(facts: ExchangeFacts): void {
    this.#always.exchangeEnded(facts)
    this.detail?.exchangeEnded(facts)
    this.unserved?.exchangeEnded(facts)
  }

  handshake(facts: HandshakeFacts): void {
    this.#always.handshake(facts)
    this.detail?.handshake(facts)
  }
}

export interface HandshakeFacts {
  result: 'full' | 'resumed' | 'refused'
  reason: RefusalReason | null
  /** Alert of the client as RFC 8446 names it (`unknown_ca`), or OpenSSL's code if the reason is `failed`. */
  detail: string | null
  serverName: string | null
  domain: string | null
  remoteAddress: string
  hello: ClientHello | null
  connection: ConnectionFacts | null
}

export type HttpProtocol = 'h1' | 'h2'

/** Connection counter of this process, for correlating exchanges. */
let connections = 0

/** Facts of a client's connection, read while it is open, because a closed socket has no properties. */
export class ConnectionFacts implements Arrival {
  readonly id = (connections += 1)
  readonly openedAt = performance.now()
  named?: NamedHost
  readonly secure: boolean
  readonly serverName: string | null
  readonly remoteAddress: string
  readonly publishedAddress: string | null
  readonly clientCertificate: ClientCertificate | null
  readonly protocol: HttpProtocol
  /** OpenSSL's name, such as `TLSv1.3`; null over plain HTTP. */
  readonly tlsVersion: string | null
  /** RFC 8446's name; null over plain HTTP. */
  readonly cipher: string | null
  /** Null before TLS 1.3 and over plain HTTP. */
  readonly group: string | null
  readonly resumed: boolean
  readonly alpn: string | null

  constructor(arrival: Arrival, tls: TLSSocket | null) {
    this.secure = arrival.secure
    this.serverName = arrival.serverName
    this.remoteAddress = arrival.remoteAddress
    this.publishedAddress = arrival.publishedAddress
    this.clientCertificate = arrival.clientCertificate
    this.alpn = tls && typeof tls.alpnProtocol === 'string' ? tls.alpnProtocol : null
    this.protocol = this.alpn === 'h2' ? 'h2' : 'h1'
    this.tlsVersion = tls?.getProtocol() ?? null
    this.cipher = tls?.getCipher()?.standardName ?? null
    this.group = tls && negotiatedGroup(tls)
    this.resumed = tls?.isSessionReused() ?? false
  }
}

/**
 * `complete`: whole response, by the origin or a redirect. `refused`: response of the edge with a problem.
 * `origin-failed`: the origin sent no response, or not all of it. `client-gone`: the client left or took too
 * long. `stopped`: the edge ended first.
 */
export type Outcome = 'complete' | 'refused' | 'origin-failed' | 'client-gone' | 'stopped'

export class ExchangeFacts {
  readonly connection: ConnectionFacts
  /** Domain whose route served it, such as `*.shop.test`; null if none did. */
  domain: string | null = null
  method: string
  target: string
  host = ''
  /** A websocket was opened; either side may have closed it. */
  websocket = false
  /** Unmodified fields; those of HTTP/2 begin with its pseudo-header fields. */
  requestHeaders: Fields
  /** Origin's fields; empty if the response is the edge's own. */
  responseHeaders: Fields = noFields
  /** Status sent to the client; 0 without a response. */
  status = 0
  requestHeadBytes = 0
  requestBodyBytes = 0
  responseHeadBytes = 0
  responseBodyBytes = 0

  readonly receivedAt = performance.now()
  /** Head written to the origin. Less `receivedAt` and the time of `opening`, it is the time in the queue. */
  sentAt = 0
  answeredAt = 0
  /** Response passed to the client's connection, or aborted. */
  endedAt = 0

  origin: Pick<UpstreamTarget, 'host' | 'port' | 'tls' | 'folder'> | null = null
  opening: Opening | null = null
  reused = false
  /** Sent twice, because a reused connection closed under it. */
  retried = false
  redirect: string | null = null

  outcome: Outcome = 'complete'
  failure: UpstreamFailure | null = null
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

  /** Reports the exchange, once. `isWhole`: the client has been sent the whole response. */
  end(observer: Observer, isWhole: boolean, isDraining: boolean): void {
    this.endedAt = performance.now()
    if (this.failure) this.outcome = 'origin-failed'
    else if (this.refusal !== null) this.outcome = 'refused'
    else if (!isWhole && !this.websocket) this.outcome = isDraining ? 'stopped' : 'client-gone'
    observer.exchangeEnded(this)
  }
}
