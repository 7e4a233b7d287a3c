import { STATUS_CODES } from 'node:http'
import { productVersion } from '../../contract/engine/product-version.ts'
import type { ExchangeDetail, ShownField } from '../../contract/traffic/traffic.ts'

/**
 * HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/). The empty list of pages is there for
 * importers that walk it. No bodies: they are never stored.
 */
export function harOf(exchanges: ExchangeDetail[]): string {
  const log = {
    version: '1.2',
    creator: { name: 'Edgekeep', version: productVersion },
    pages: [],
    // An entry needs a URL, which an unreadable request lacks.
    entries: exchanges.filter(({ url }) => url !== '').map(entryOf),
  }
  return JSON.stringify({ log }, null, 1)
}

function entryOf(exchange: ExchangeDetail) {
  const { at, timings, error, redirectedTo, upstream, tls } = exchange
  const wait = rounded(timings.firstByteMs ?? 0)
  const receive = rounded(timings.receiveMs ?? 0)
  const blocked = rounded(timings.queueMs ?? -1)
  const [connect, ssl] = connectTimes(exchange)
  const parts = [blocked, connect, wait, receive].filter((part) => part > 0)
  return {
    startedDateTime: at,
    // Sum of the parts as in the specification (ssl is a part of connect).
    time: rounded(parts.reduce((sum, part) => sum + part, 0)),
    request: requestOf(exchange),
    response: responseOf(exchange),
    cache: {},
    timings: { blocked, dns: -1, connect, ssl, send: 0, wait, receive },
    ...(error === null ? {} : { comment: error }),
    // Custom names begin with "_" by the specification.
    _edgekeep: { redirectedTo, upstream, tls, clientAddress: exchange.clientAddress },
  }
}

function connectTimes({ timings: { connectMs, tlsMs } }: ExchangeDetail): [connect: number, ssl: number] {
  if (connectMs === null) return [-1, -1]
  return [rounded(connectMs + (tlsMs ?? 0)), tlsMs === null ? -1 : rounded(tlsMs)]
}

function requestOf({ method, url, protocol, request, requestBytes }: ExchangeDetail) {
  const fields = request?.fields ?? []
  return {
    method,
    url,
    httpVersion: protocol,
    cookies: fields.filter(named('cookie')).flatMap(({ value }) => value.split(';').map(pairOf)),
    headers: fields.map(({ name, value }) => ({ name, value })),
    queryString: queryOf(url),
    headersSize: -1,
    bodySize: requestBytes,
  }
}

function responseOf({ status, protocol, response, responseBytes, redirectedTo }: ExchangeDetail) {
  const fields = response?.fields ?? []
  const first = (name: string) => fields.find(named(name))?.value
  return {
    // 0 means no response in archives.
    status: status ?? 0,
    statusText: status === null ? '' : (STATUS_CODES[status] ?? ''),
    httpVersion: protocol,
    cookies: fields.filter(named('set-cookie')).map(({ value }) => pairOf(value.split(';')[0] ?? '')),
    headers: fields.map(({ name, value }) => ({ name, value })),
    content: { size: responseBytes, mimeType: first('content-type') ?? 'x-unknown' },
    redirectURL: redirectedTo ?? first('location') ?? '',
    headersSize: -1,
    bodySize: responseBytes,
  }
}

function named(wanted: string): (field: ShownField) => boolean {
  return ({ name }) => name.toLowerCase() === wanted
}

function pairOf(pair: string): { name: string; value: string } {
  const at = pair.indexOf('=')
  return at < 0
    ? { name: '', value: pair.trim() }
    : { name: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim() }
}

function queryOf(url: string): { name: string; value: string }[] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? ''
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }))
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
