import type {
  ExchangeDetail,
  ExchangeRow,
  RefusedRow,
  ShownField,
  TrafficDetail,
  TrafficRow,
} from '../../contract/traffic/traffic.ts'
import type {
  TrafficReport,
  ExchangeReport,
  ReportedFields,
  RefusalReport,
} from '../../edge/protocol/traffic-report.ts'
import { maskField, maskUrl } from './masking.ts'

/** Row for the traffic list. Masked unless `reveal` is set. */
export function rowOf(id: number, told: TrafficReport, reveal: boolean): TrafficRow {
  return told.kind === 'exchange' ? exchangeRow(id, told, reveal) : refusedRow(id, told)
}

export function detailOf(id: number, told: TrafficReport, reveal: boolean): TrafficDetail {
  if (told.kind === 'refused') return { ...refusedRow(id, told), hello: told.hello }
  return exchangeDetail(id, told, reveal)
}

export function exchangeDetail(id: number, told: ExchangeReport, reveal: boolean): ExchangeDetail {
  return {
    ...exchangeRow(id, told, reveal),
    timings: told.timings,
    tls: told.tls,
    upstream: told.upstream,
    request: shownFields(told.request, reveal),
    response: shownFields(told.response, reveal),
  }
}

/** Only safe methods, and only complete requests: without its fields a request is another one. */
export function isReplayable(told: ExchangeReport): boolean {
  const { method, request, isTargetCut, websocket, host } = told
  const isSafe = method === 'GET' || method === 'HEAD'
  return isSafe && !websocket && !isTargetCut && host !== '' && request !== null && !request.isCut
}

function exchangeRow(id: number, told: ExchangeReport, reveal: boolean): ExchangeRow {
  const shown = (url: string) => (reveal ? url : maskUrl(url))
  return {
    kind: 'exchange',
    id,
    at: new Date(told.at).toISOString(),
    domain: told.domain,
    clientAddress: told.clientAddress,
    method: told.method,
    url: shown(urlOf(told)),
    protocol: told.protocol,
    status: told.status === 0 ? null : told.status,
    requestBytes: told.requestBytes,
    responseBytes: told.responseBytes,
    totalMs: told.timings.totalMs,
    redirectedTo: told.redirectedTo === null ? null : shown(told.redirectedTo),
    error: told.error,
    replayable: isReplayable(told),
  }
}

function refusedRow(id: number, told: RefusalReport): RefusedRow {
  const { at, clientAddress, serverName } = told
  return {
    kind: 'refused',
    id,
    at: new Date(at).toISOString(),
    domain: told.domain ?? serverName,
    clientAddress,
    serverName,
    reason: refusalMessage(told),
  }
}

function urlOf({ secure, host, target }: ExchangeReport): string {
  if (host === '') return ''
  return `${secure ? 'https' : 'http'}://${host}${target.startsWith('/') ? target : '/'}`
}

function shownFields(
  told: ReportedFields | null,
  reveal: boolean,
): { fields: ShownField[]; cut: boolean } | null {
  if (!told) return null
  const fields = pairsOf(told.fields).map(([name, value]) =>
    reveal ? { name, value, masked: false } : maskField(name, value),
  )
  return { fields, cut: told.isCut }
}

export function pairsOf(fields: readonly string[]): [name: string, value: string][] {
  return fields.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, fields[at + 1] ?? '']] : [],
  )
}

type Refusal = Pick<RefusalReport, 'reason' | 'detail' | 'serverName'>

export function refusalMessage({ reason, detail, serverName }: Refusal): string {
  const name = serverName ?? 'that name'
  switch (reason) {
    case 'not-tls':
      return 'What the client sent was not TLS.'
    case 'http':
      return 'The client spoke plain HTTP on the port for HTTPS.'
    case 'malformed':
      return 'The client’s first message was malformed.'
    case 'timeout':
      return 'The client did not complete the handshake in time.'
    case 'gone':
      return 'The client left in the middle of the handshake without saying why.'
    case 'no-name':
      return 'The client offered no name.'
    case 'unknown-name':
      return name === echName ? echRefusal : `The client asked for ${name}, which is not served here.`
    case 'https-off':
      return `HTTPS is off for ${name}.`
    case 'no-key':
      return `HTTPS is down for ${name}: the edge has no key for it.`
    case 'protocol-version':
      return 'The client offers no version of TLS that is accepted here.'
    case 'no-shared-cipher':
      return 'The client offers no cipher that is accepted here.'
    case 'no-shared-protocol':
      return 'The client offers no protocol (ALPN) that is spoken here.'
    case 'client-alert':
      return `${alerts.get(detail ?? '') ?? 'The client refused the handshake'}: alert ${detail ?? 'unknown'}.`
    case 'failed':
      return failures.get(detail ?? '') ?? `The handshake failed (${detail ?? 'for no known reason'}).`
  }
}

/**
 * Outer name of Cloudflare's Encrypted Client Hello: the HTTPS record of a domain behind Cloudflare still names its
 * key, while a hosts file leads the domain here.
 */
const echName = 'cloudflare-ech.com'
const echRefusal =
  'The browser hid the name by Encrypted Client Hello, with the key that Cloudflare publishes for the domain. Turn off secure DNS in the browser for this test, or ECH for the domain at Cloudflare.'

/** Meanings of a client's TLS alert (RFC 8446, section 6.2). */
const alerts = new Map<string, string>(
  Object.entries({
    unknown_ca: 'The client does not trust this authority',
    certificate_unknown: 'The client does not accept the certificate',
    bad_certificate: 'The client finds the certificate wrong',
    certificate_expired: 'The client finds that the certificate has expired',
    certificate_revoked: 'The client finds that the certificate was revoked',
    unsupported_certificate: 'The client cannot use this kind of certificate',
    protocol_version: 'The client does not speak this version of TLS',
    handshake_failure: 'The client and the edge have nothing in common',
    user_canceled: 'The client was told to stop',
  }),
)

const failures = new Map<string, string>(
  Object.entries({
    ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      'The client gave no certificate, and this domain requires one.',
    ERR_SSL_CERTIFICATE_VERIFY_FAILED: 'The client’s certificate does not verify.',
  }),
)
