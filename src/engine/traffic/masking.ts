import type { ShownField } from '../../contract/traffic/traffic.ts'

/**
 * Masks every value of a request except those on a list of harmless fields. An allow list, because secrets
 * travel in queries, in cookies, in Authorization and in fields on no list. Names stay, because they show
 * the kind of data.
 */
const mask = '***'

/** Fields whose values do not identify the sender. */
const harmless = new Set(
  (
    'accept accept-ch accept-charset accept-encoding accept-language accept-ranges access-control-allow-credentials ' +
    'access-control-allow-headers access-control-allow-methods access-control-allow-origin ' +
    'access-control-expose-headers access-control-max-age access-control-request-headers ' +
    'access-control-request-method age allow alt-svc cache-control clear-site-data connection ' +
    'content-disposition content-encoding content-language content-length content-range ' +
    'content-security-policy content-security-policy-report-only content-type cross-origin-embedder-policy ' +
    'cross-origin-opener-policy cross-origin-resource-policy date dnt early-data expect expires forwarded from ' +
    'host if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive last-modified ' +
    'max-forwards origin permissions-policy pragma priority range referrer-policy retry-after ' +
    'sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user ' +
    'sec-gpc sec-websocket-extensions sec-websocket-version server server-timing strict-transport-security te ' +
    'timing-allow-origin trailer transfer-encoding upgrade upgrade-insecure-requests user-agent vary via warning ' +
    'x-content-type-options x-dns-prefetch-control x-frame-options x-powered-by x-robots-tag ' +
    'x-ua-compatible x-xss-protection etag'
  ).split(' '),
)

const locators = new Set(['referer', 'location', 'content-location', ':path', 'x-original-url', 'sourcemap'])

/** Masks the secrets in a URL or a path: the query's values, user name and password, the fragment. */
export function maskUrl(url: string): string {
  const [, before = '', query, fragment] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? []
  const withoutUser = before.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*@/i, `$1//${mask}@`)
  return `${withoutUser}${query === undefined ? '' : maskQuery(query)}${fragment === undefined ? '' : `#${mask}`}`
}

/** A part without "=" is a value without a name. */
function maskQuery(query: string): string {
  const parts = query.slice(1).split('&')
  return `?${parts.map((part) => (part.includes('=') ? `${part.slice(0, part.indexOf('='))}=${mask}` : part && mask)).join('&')}`
}

export function maskField(name: string, value: string): ShownField {
  const shown = maskedValue(name.toLowerCase(), value)
  return { name, value: shown, masked: shown !== value }
}

function maskedValue(name: string, value: string): string {
  if (harmless.has(name) || value === '') return value
  if (locators.has(name)) return maskUrl(value)
  if (name === 'cookie') return value.split(';').map(maskPair).join(';')
  if (name === 'set-cookie') return maskSetCookie(value)
  if (name === 'authorization' || name === 'proxy-authorization') return maskCredentials(value)
  return mask
}

/** Masks `sid=abc` with its white space; the name stays. */
function maskPair(pair: string): string {
  const at = pair.indexOf('=')
  return at < 0 ? mask : `${pair.slice(0, at)}=${mask}`
}

/** A cookie's attributes stay: they show its scope. */
function maskSetCookie(value: string): string {
  const [pair = '', ...attributes] = value.split(';')
  return [maskPair(pair), ...attributes].join(';')
}

/** The scheme stays: `Bearer ***`. */
function maskCredentials(value: string): string {
  const scheme = /^([A-Za-z][A-Za-z0-9-]*) +\S/.exec(value)?.[1]
  return scheme === undefined ? mask : `${scheme} ${mask}`
}
