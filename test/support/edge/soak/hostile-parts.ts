import { applicationFieldName } from '../../../../src/contract/text/field-name.ts'

/** Forged fields that only the edge may set, as an application would read them. */
const forgedLines = [
  'X.Real_IP: forged',
  'x!forwarded~for: forged',
  'X-Forwarded.Proto: forged',
  'Client.Cert: forged',
  'X_Client.Cert-Verified: forged',
  'Proxy+Authorization: forged',
  'Proxy: forged',
]
const forgedNames = new Set(forgedLines.map((line) => applicationFieldName(line.split(':', 1)[0]!)))

/** Lines of a head that an application would take for the edge's, but that are a client's. */
export function forgedIn(head: string): string[] {
  return head.split('\r\n').filter((line) => {
    const [name = '', value = ''] = line.split(':', 2)
    return value.trim() === 'forged' && forgedNames.has(applicationFieldName(name))
  })
}

/** Fields of an attacker, in either direction. */
export const fieldLines = [
  ...forgedLines,
  'Content_Length: 3',
  'Transfer.Encoding: chunked',
  'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
  'ETag: "a"',
  'ETag: "b"',
  'User-Agent: a',
  'User-Agent: b',
  'Content-Encoding: __proto__',
  'Content-Encoding: gzip',
  'Content-Type: text/html',
  'Content-Type: text/html; charset=__proto__',
  'Content-Location: //[',
  'Location: //',
  'Location: https://shop.test:99999/',
  'Set-Cookie: a=1; Secure; Domain=',
  'Strict-Transport-Security: max-age=99999999999999999999',
  'Content-Security-Policy: ;;;',
  '__proto__: polluted',
  'constructor: polluted',
  'toString: polluted',
  'Connection: close, x-a, ,',
  'Keep-Alive: timeout=5',
  'Proxy-Connection: keep-alive',
  'TE: gzip',
  'Upgrade: h2c',
  'Trailer: ETag',
  'Via: 1.1 somebody',
  'WWW-Authenticate: Negotiate',
  'Link: </a>; rel=preload',
  'Link: </b>; rel=preload',
  'X-Long: ' + 'x'.repeat(5_000),
  'X-Odd: \xe9\xff\t ',
  'X-Empty:',
  'X_Under: 1',
]

export const statuses = [
  '100',
  '101',
  '102',
  '103',
  '199',
  '200',
  '200',
  '200',
  '204',
  '205',
  '206',
  '226',
  '301',
  '304',
  '400',
  '401',
  '404',
  '418',
  '500',
  '502',
  '599',
  '600',
  '999',
  '000',
  '099',
  '20',
  '2000',
  'abc',
]

/** Pages that cost a reader of them much, or meet its weak places. */
export const pages = [
  '<constructor><__proto__ a=b><toString>',
  `<meta${' '.repeat(100_000)}`,
  `<meta http-equiv="refresh" content="${' '.repeat(50_000)}`,
  '<'.repeat(100_000),
  '<a '.repeat(20_000),
  '<div>'.repeat(20_000),
  '<!--'.repeat(20_000),
  `<script src="http://shop.test/${'a'.repeat(50_000)}">`,
  `<img srcset="${'http://x.test/ 1x,'.repeat(5_000)}">`,
  '<style>@import url(http://x.test/)</style><link rel=stylesheet href=http://x.test/>',
  '\0\ufffd<svg><script xlink:href=http://x.test/></svg>',
  '<html><head><base href=http://[><img src=//>',
]
