import type { ExchangeDetail, HelloFacts, RefusedRow } from '../../contract/traffic/traffic.ts'

/**
 * Exchange or refused handshake that a worker reports while traffic is observed. Nothing in it is masked: the
 * engine keeps it in memory and masks what it shows.
 */
export type TrafficReport = ExchangeReport | RefusalReport

/** Detail of reported traffic: `facts` for a log, `fields` with the header fields for a person. */
export type WantedTraffic = 'nothing' | 'facts' | 'fields'

type ReportedFacts =
  | 'kind'
  | 'domain'
  | 'clientAddress'
  | 'method'
  | 'protocol'
  | 'requestBytes'
  | 'responseBytes'
  | 'timings'
  | 'tls'
  | 'upstream'
  | 'redirectedTo'
  | 'error'

export interface ExchangeReport extends Pick<ExchangeDetail, ReportedFacts> {
  /** Milliseconds since 1970. */
  at: number
  secure: boolean
  host: string
  target: string
  isTargetCut: boolean
  /** 0 if the client got no response. */
  status: number
  websocket: boolean
  /** Null if only the facts were requested. */
  request: ReportedFields | null
  response: ReportedFields | null
}

/** Alternating names and values. */
export interface ReportedFields {
  fields: string[]
  isCut: boolean
}

export interface RefusalReport extends Pick<RefusedRow, 'kind' | 'domain' | 'clientAddress' | 'serverName'> {
  at: number
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
