import type { HelloFacts } from '../../contract/traffic.ts'

/**
 * What a worker tells the engine of an exchange or a refused handshake while somebody looks. Nothing
 * in it is masked yet: it goes to the engine's memory, which masks what it shows.
 */
export type Told = ToldExchange | ToldRefusal

/** How much workers tell: `facts` for a log, `fields` with the header fields for a person who looks. */
export type WantedTraffic = 'nothing' | 'facts' | 'fields'

export interface ToldExchange {
  kind: 'exchange'
  /** Milliseconds since 1970. */
  at: number
  domain: string | null
  clientAddress: string
  method: string
  secure: boolean
  host: string
  target: string
  /** The target was longer than is told. */
  isTargetCut: boolean
  protocol: 'HTTP/1.1' | 'HTTP/2'
  /** 0 where the client was told nothing. */
  status: number
  requestBytes: number
  responseBytes: number
  timings: ToldTimings
  tls: ToldTls | null
  /** `reused` is null where there is no connection, because the origin is a folder. */
  upstream: { address: string; reused: boolean | null } | null
  redirectedTo: string | null
  websocket: boolean
  error: string | null
  /** Null where only the facts were asked for. */
  request: ToldFields | null
  response: ToldFields | null
}

export interface ToldTimings {
  queueMs: number | null
  connectMs: number | null
  tlsMs: number | null
  firstByteMs: number | null
  receiveMs: number | null
  totalMs: number
}

export interface ToldTls {
  version: string
  cipher: string
  serverName: string | null
  alpn: string | null
  resumed: boolean
  /** What the client began with; null where nobody looked at that time. */
  hello: HelloFacts | null
}

/** Names and values by turns. */
export interface ToldFields {
  fields: string[]
  isCut: boolean
}

export interface ToldRefusal {
  kind: 'refused'
  at: number
  domain: string | null
  serverName: string | null
  clientAddress: string
  reason: RefusalReason
  /** The client's alert, or OpenSSL's code. */
  detail: string | null
  hello: HelloFacts | null
}

/**
 * Why a handshake came to nothing. `http`: a request without TLS on the port for HTTPS. `gone`: the
 * client left without a word. `client-alert`: it refused what it was shown, and said why.
 */
export type RefusalReason =
  | 'not-tls'
  | 'http'
  | 'malformed'
  | 'timeout'
  | 'gone'
  | 'no-name'
  | 'unknown-name'
  | 'https-off'
  | 'no-key'
  | 'protocol-version'
  | 'no-shared-cipher'
  | 'no-shared-protocol'
  | 'client-alert'
  | 'failed'
