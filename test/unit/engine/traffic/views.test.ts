import { describe, expect, test } from 'vitest'
import type { ExchangeReport, RefusalReport } from '../../../../src/edge/protocol/traffic-report.ts'
import { detailOf, rowOf, refusalMessage } from '../../../../src/engine/traffic/views.ts'

function exchange(change: Partial<ExchangeReport> = {}): ExchangeReport {
  return {
    kind: 'exchange',
    at: Date.UTC(2026, 10, 24),
    domain: 'shop.test',
    clientAddress: '127.0.0.1',
    method: 'GET',
    secure: true,
    host: 'shop.test:8443',
    target: '/a?b=c',
    isTargetCut: false,
    protocol: 'HTTP/1.1',
    status: 200,
    requestBytes: 0,
    responseBytes: 0,
    timings: { queueMs: 0, connectMs: null, tlsMs: null, firstByteMs: 1, receiveMs: 0, totalMs: 1 },
    tls: null,
    upstream: null,
    redirectedTo: null,
    websocket: false,
    error: null,
    request: { fields: ['Host', 'shop.test:8443'], isCut: false },
    response: null,
    ...change,
  }
}

describe('a row of traffic', () => {
  test('has an address of its parts', () => {
    const urlOf = (change: Partial<ExchangeReport>) =>
      (rowOf(1, exchange(change), true) as { url: string }).url
    expect(urlOf({})).toBe('https://shop.test:8443/a?b=c')
    expect(urlOf({ secure: false, host: 'shop.test', target: '*' })).toBe('http://shop.test/')
    expect(urlOf({ host: '' })).toBe('')
  })

  test('has no status if the client got none', () => {
    expect(rowOf(1, exchange({ status: 0 }), false)).toMatchObject({ status: null })
  })
})

describe('a request can be sent again', () => {
  const isReplayable = (change: Partial<ExchangeReport>) =>
    (detailOf(1, exchange(change), false) as { replayable: boolean }).replayable

  test.each([
    ['a GET', {}, true],
    ['a HEAD', { method: 'HEAD' }, true],
    ['no POST', { method: 'POST' }, false],
    ['no websocket', { websocket: true }, false],
    ['none whose fields nobody saw', { request: null }, false],
    ['none whose fields were cut', { request: { fields: [], isCut: true } }, false],
    ['none whose target was cut', { isTargetCut: true }, false],
    ['none that could not be read', { host: '' }, false],
  ])('%s', (_what, change, can) => {
    expect(isReplayable(change)).toBe(can)
  })
})

describe('a refused handshake is described in a sentence', () => {
  const words = (change: Partial<RefusalReport>) =>
    refusalMessage({ reason: 'failed', detail: null, serverName: 'shop.test', ...change })

  test.each<[Partial<RefusalReport>, string]>([
    [{ reason: 'no-name' }, 'The client offered no name.'],
    [{ reason: 'unknown-name' }, 'The client asked for shop.test, which is not served here.'],
    [{ reason: 'https-off' }, 'HTTPS is off for shop.test.'],
    [{ reason: 'no-key' }, 'HTTPS is down for shop.test: the edge has no key for it.'],
    [{ reason: 'protocol-version' }, 'The client offers no version of TLS that is accepted here.'],
    [
      { reason: 'client-alert', detail: 'unknown_ca' },
      'The client does not trust this authority: alert unknown_ca.',
    ],
    [
      { reason: 'client-alert', detail: 'certificate_expired' },
      'The client finds that the certificate has expired: alert certificate_expired.',
    ],
    [
      { reason: 'client-alert', detail: 'illegal_parameter' },
      'The client refused the handshake: alert illegal_parameter.',
    ],
    [
      { detail: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' },
      'The client gave no certificate, and this domain requires one.',
    ],
    [{ detail: 'ERR_SSL_ODD' }, 'The handshake failed (ERR_SSL_ODD).'],
  ])('%o', (refusal, said) => {
    expect(words(refusal)).toBe(said)
  })
})
