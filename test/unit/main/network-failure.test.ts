import { expect, test } from 'vitest'
import { describeNetworkFailure } from '../../../src/main/updates/feed.ts'

test.each([
  [new Error('net::ERR_INTERNET_DISCONNECTED'), 'this computer is offline'],
  [new Error('net::ERR_NAME_NOT_RESOLVED'), 'the update server was not found'],
  [new Error('net::ERR_CONNECTION_REFUSED'), 'the update server refused the connection'],
  [new Error('net::ERR_CERT_AUTHORITY_INVALID'), 'the certificate of the update server was not accepted'],
  [new Error('net::ERR_PROXY_CONNECTION_FAILED'), 'the proxy of this computer refused it'],
  [new Error('net::ERR_TIMED_OUT'), 'it took too long'],
  [new Error('net::ERR_CONNECTION_RESET'), 'the connection was interrupted'],
  [new DOMException('…', 'TimeoutError'), 'it took too long'],
  [
    new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
    'the update server refused the connection',
  ],
  [new Error('net::ERR_HTTP2_PROTOCOL_ERROR'), 'the connection failed (ERR_HTTP2_PROTOCOL_ERROR)'],
])('describes %s for a person', (error, reason) => {
  expect(describeNetworkFailure(error)).toBe(reason)
})
