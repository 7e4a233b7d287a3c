import type { ExchangeDetail } from '../../../contract/traffic/traffic.ts'

/** Header fields that curl derives from the URL and the connection. */
const ofTheConnection = new Set(
  'host connection keep-alive proxy-connection te trailer transfer-encoding content-length upgrade expect'.split(
    ' ',
  ),
)

/**
 * Formats the request as a POSIX shell command, with the name resolved to this edge. Masked values stay
 * masked. Bodies are never recorded, so the command has none.
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
    // curl drops a header without a value unless it is written with a semicolon.
    if (!ofTheConnection.has(name.toLowerCase()))
      parts.push('--header', quoted(value === '' ? `${name};` : `${name}: ${value}`))
  }
  return [...parts, quoted(url)].join(' ')
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname)
}

/** Quotes any text as one POSIX shell word. Line breaks cannot occur in a header field or URL. */
function quoted(text: string): string {
  const oneLine = text.replaceAll(/[\r\n\0]/g, ' ')
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(oneLine) ? oneLine : `'${oneLine.replaceAll("'", `'\\''`)}'`
}
