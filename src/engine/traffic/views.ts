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
import { refusalMessage } from './refusal-message.ts'

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
    replayable: isReplayable(told),
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

/** Pairs alternating names and values. */
export function pairsOf(fields: readonly string[]): [name: string, value: string][] {
  return fields.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, fields[at + 1] ?? '']] : [],
  )
}
