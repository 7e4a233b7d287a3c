import { hostInUrl } from '../../../domain/ip-address.ts'
import { formatOrigin } from '../../../domain/origin-text.ts'
import type { HelloFacts } from '../../../contract/traffic/traffic.ts'
import type { Fields } from '../http/fields.ts'
import { helloFacts } from '../tls/hello-facts.ts'
import type { ConnectionFacts, ExchangeFacts, HandshakeFacts } from './observe.ts'
import type { ExchangeReport, ReportedFields, RefusalReport } from '../../protocol/traffic-report.ts'
import { failureProblem } from '../origins/upstream-failure.ts'

const longestTarget = 4 * 1024
const longestFields = 8 * 1024
const mostFields = 100

export function exchangeReport(facts: ExchangeFacts, withFields: boolean): ExchangeReport {
  const { connection, target } = facts
  return {
    kind: 'exchange',
    at: performance.timeOrigin + facts.receivedAt,
    domain: facts.domain,
    clientAddress: connection.remoteAddress,
    method: facts.method,
    secure: connection.secure,
    host: facts.host,
    target: target.length > longestTarget ? target.slice(0, longestTarget) : target,
    isTargetCut: target.length > longestTarget,
    protocol: connection.protocol === 'h2' ? 'HTTP/2' : 'HTTP/1.1',
    status: facts.status,
    requestBytes: facts.requestBodyBytes,
    responseBytes: facts.responseBodyBytes,
    timings: timingsOf(facts),
    tls: tlsOf(facts),
    upstream: upstreamOf(facts),
    redirectedTo: facts.redirect,
    websocket: facts.websocket,
    error: errorOf(facts),
    request: withFields ? boundedFields(facts.requestHeaders) : null,
    response: withFields ? boundedFields(facts.responseHeaders) : null,
  }
}

export function refusalReport(facts: HandshakeFacts): RefusalReport {
  return {
    kind: 'refused',
    at: Date.now(),
    domain: facts.domain,
    serverName: facts.serverName,
    clientAddress: facts.remoteAddress,
    reason: facts.reason ?? 'failed',
    detail: facts.detail,
    hello: facts.hello && helloFacts(facts.hello),
  }
}

/** ClientHello of connections that were made during observation. */
const hellos = new WeakMap<ConnectionFacts, HelloFacts>()

export function rememberHello({ connection, hello }: HandshakeFacts): void {
  if (connection && hello) hellos.set(connection, helloFacts(hello))
}

function timingsOf(facts: ExchangeFacts): ExchangeReport['timings'] {
  const { receivedAt, sentAt, answeredAt, endedAt, opening } = facts
  // A connection opened for an earlier request cost this one no time.
  const opened = opening && opening.openedAt >= receivedAt ? opening : null
  const queuedUntil = opened ? opened.openedAt : sentAt
  return {
    queueMs: between(receivedAt, queuedUntil),
    connectMs: opened ? between(opened.openedAt, opened.connectedAt) : null,
    tlsMs: opened ? between(opened.connectedAt, opened.securedAt) : null,
    firstByteMs: between(sentAt, answeredAt),
    receiveMs: between(answeredAt, endedAt),
    totalMs: Math.max(0, endedAt - receivedAt),
  }
}

function between(from: number, to: number): number | null {
  return from > 0 && to > 0 ? Math.max(0, to - from) : null
}

function tlsOf({ connection }: ExchangeFacts): ExchangeReport['tls'] {
  if (connection.tlsVersion === null) return null
  const { tlsVersion: version, serverName, alpn, group, resumed } = connection
  const hello = hellos.get(connection) ?? null
  return { version, cipher: connection.cipher ?? '', group, serverName, alpn, resumed, hello }
}

function upstreamOf({ origin, reused }: ExchangeFacts): ExchangeReport['upstream'] {
  if (!origin) return null
  if (origin.folder) return { address: formatOrigin(origin.folder), reused: null }
  return { address: `${origin.tls ? 'https' : 'http'}://${hostInUrl(origin.host)}:${origin.port}`, reused }
}

function errorOf({ outcome, refusal, failure, host, status }: ExchangeFacts): string | null {
  switch (outcome) {
    case 'complete':
      return null
    case 'refused':
      return refusal
    case 'origin-failed': {
      if (!failure) return null
      const { status: whole, sentence } = failureProblem(failure, host.replace(/:\d+$/, ''))
      // The client saw another status: the response was cut off.
      return status === whole ? sentence : `${sentence} The client has a part of the answer.`
    }
    case 'client-gone':
      return 'The client left before the answer was complete.'
    case 'stopped':
      return 'The edge stopped before the answer was complete.'
  }
}

/** Whole fields up to the size limit; those of HTTP/2 without its pseudo-header fields. */
function boundedFields(headers: Fields): ReportedFields {
  const fields: string[] = []
  let left = longestFields
  for (let at = 0; at < headers.count; at += 1) {
    const name = headers.name(at)
    if (name.charCodeAt(0) === colon) continue
    const value = headers.value(at)
    left -= name.length + value.length
    if (left < 0 || fields.length === 2 * mostFields) return { fields, isCut: true }
    fields.push(name, value)
  }
  return { fields, isCut: false }
}

const colon = 58
