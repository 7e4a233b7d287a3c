import type { ExchangeDetail, ExchangeRow, RefusedRow } from '../../../../../src/contract/traffic/traffic.ts'

export function exchangeRow(change: Partial<ExchangeRow> = {}): ExchangeRow {
  return {
    kind: 'exchange',
    id: 1,
    at: '2026-11-24T10:00:00.000Z',
    domain: 'shop.test',
    clientAddress: '127.0.0.1',
    method: 'GET',
    url: 'https://shop.test/',
    protocol: 'HTTP/1.1',
    status: 200,
    requestBytes: 0,
    responseBytes: 100,
    totalMs: 4,
    redirectedTo: null,
    error: null,
    replayable: true,
    ...change,
  }
}

export function refusedRow(change: Partial<RefusedRow> = {}): RefusedRow {
  return {
    kind: 'refused',
    id: 1,
    at: '2026-11-24T10:00:00.000Z',
    domain: null,
    clientAddress: '127.0.0.1',
    serverName: null,
    reason: 'The client offered no name',
    ...change,
  }
}

export function exchangeDetail(change: Partial<ExchangeDetail> = {}): ExchangeDetail {
  return {
    ...exchangeRow(),
    timings: { queueMs: 1, connectMs: null, tlsMs: null, firstByteMs: 2, receiveMs: 1, totalMs: 4 },
    tls: null,
    upstream: null,
    request: { fields: [{ name: 'accept', value: 'text/html', masked: false }], cut: false },
    response: { fields: [], cut: false },
    ...change,
  }
}
