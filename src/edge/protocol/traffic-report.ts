import type { HelloFacts } from '../../contract/traffic/traffic.ts'

/**
 * Exchange or refused handshake that a worker reports while traffic is observed. Nothing in it is masked: the
 * engine keeps it in memory and masks what it shows.
 */
export type TrafficReport = ExchangeReport | RefusalReport

/** Detail of reported traffic: `facts` for a log, `fields` with the header fields for a person. */
export type WantedTraffic = 'nothing' | 'facts' | 'fields'

export interface ExchangeReport {
  kind: 'exchange'
  /** Milliseconds since 1970. */
  at: number
  domain: string | null
  clientAddress: string
  method: string
  secure: boolean
  host: string
  target: string
  /** The target was longer than the reports' limit. */
  isTargetCut: boolean
  protocol: 'HTTP/1.1' | 'HTTP/2'
  /** 0 if the client got no response. */
  status: number
  requestBytes: number
  responseBytes: number
  timings: ReportedTimings
  tls: ReportedTls | null
  /** `reused` is null if there is no connection because the origin is a folder. */
  upstream: { address: string; reused: boolean | null } | null
  redirectedTo: string | null
  websocket: boolean
  error: string | null
  /** Null if only the facts were requested. */
  request: ReportedFields | null
  response: ReportedFields | null
}

export interface ReportedTimings {
  queueMs: number | null
  connectMs: number | null
  tlsMs: number | null
  firstByteMs: number | null
  receiveMs: number | null
  totalMs: number
}

export interface ReportedTls {
  version: string
  cipher: string
  serverName: string | null
  alpn: string | null
  resumed: boolean
  /** ClientHello; null if traffic was not observed then. */
  hello: HelloFacts | null
}

/** Alternating names and values. */
export interface ReportedFields {
  fields: string[]
  isCut: boolean
}

export interface RefusalReport {
  kind: 'refused'
  at: number
  domain: string | null
  serverName: string | null
  clientAddress: string
  reason: RefusalReason
  /** Alert of the client, or OpenSSL's code. */
  detail: string | null
  hello: HelloFacts | null
}

/**
 * Cause of a failed handshake. `http`: a request without TLS on the HTTPS port. `gone`: the client closed the
 * connection without an alert. `client-alert`: the client sent an alert with its reason.
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
