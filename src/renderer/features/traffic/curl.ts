import type { ExchangeDetail } from '../../../contract/traffic.ts'

/** Fields that curl makes by itself from the URL and the connection. */
const ofTheConnection = new Set(
  'host connection keep-alive proxy-connection te trailer transfer-encoding content-length upgrade expect'.split(
    ' ',
  ),
)

/**
 * The request as a command for a shell of Unix, with the name mapped to this edge. What is masked stays
 * masked. A body is not in it, because none is kept.
 */
export function curlLine(exchange: ExchangeDetail): string {
  const { url, method, protocol, request } = exchange
  const { hostname, port, protocol: scheme } = new URL(url)
  const parts = ['curl', '--path-as-is', '--globoff']
  parts.push(protocol === 'HTTP/2' ? '--http2' : '--http1.1')
  if (!isAddress(hostname)) {
    parts.push('--resolve', quoted(`${hostname}:${port || (scheme === 'https:' ? '443' : '80')}:127.0.0.1`))
  }
  if (method === 'HEAD') parts.push('--head')
  else if (method !== 'GET') parts.push('--request', quoted(method))
  for (const { name, value } of request?.fields ?? []) {
    // A field without a value is written with a semicolon, or curl would leave it out.
    if (!ofTheConnection.has(name.toLowerCase()))
      parts.push('--header', quoted(value === '' ? `${name};` : `${name}: ${value}`))
  }
  return [...parts, quoted(url)].join(' ')
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname)
}

/** One word for a POSIX shell, whatever is in it; a line break can be in no header field and no URL. */
function quoted(text: string): string {
  const oneLine = text.replaceAll(/[\r\n\0]/g, ' ')
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(oneLine) ? oneLine : `'${oneLine.replaceAll("'", `'\\''`)}'`
}
