import { parseOrigin as parseAddress } from '../../../contract/origin-url.ts'
import { parseUrl } from '../../../contract/parse-url.ts'
import { originDefaults, type Origin, type ServerOrigin } from '../../../contract/origins.ts'

/**
 * The origin that `text` names: `http://127.0.0.1:3000`, `localhost:3000`, or a bare port of this
 * computer. Null where it names none, or has a path, query or credentials, which an origin has not.
 */
export function parseOrigin(text: string): Origin | null {
  const typed = text.trim()
  if (/^(?:file:\/\/\/|\/[^/]|[a-z]:[\\/])/i.test(typed)) return parseAddress(typed)
  if (/^\d{1,5}$/.test(typed)) return parseOrigin(`http://127.0.0.1:${typed}`)
  const h2c = /^h2c:\/\//i.test(typed)
  const written = h2c ? typed.replace(/^h2c/i, 'http') : typed
  const url = parseUrl(/^[a-z]+:\/\//i.test(written) ? written : `http://${written}`)
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') return null
  if (url.pathname !== '/' || url.search || url.hash || url.username || url.password) return null
  const secure = url.protocol === 'https:'
  const port = url.port === '' ? undefined : Number(url.port)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  // Chromium takes a space into a host, escaped.
  if (port === 0 || !looksLikeHost(host)) return null
  return {
    protocol: secure ? 'https' : h2c ? 'h2c' : 'http',
    host,
    httpPort: secure ? 80 : (port ?? 80),
    httpsPort: secure ? (port ?? 443) : 443,
    ...originDefaults,
  }
}

/** `http://127.0.0.1:3000`; for `follow`, `127.0.0.1, ports 8000 and 8443`; a folder's path. */
export function originInWords(origin: Origin): string {
  if (origin.protocol === 'folder') return origin.folder
  const host = origin.host.includes(':') ? `[${origin.host}]` : origin.host
  if (origin.protocol === 'http' || origin.protocol === 'h2c')
    return `${origin.protocol}://${host}${origin.httpPort === 80 ? '' : `:${origin.httpPort}`}`
  if (origin.protocol === 'https')
    return `https://${host}${origin.httpsPort === 443 ? '' : `:${origin.httpsPort}`}`
  return `${host}:${origin.httpPort} / ${origin.httpsPort}`
}

export function sameOrigin(one: Origin, other: Origin): boolean {
  const fields = new Map<string, unknown>(Object.entries(other))
  return Object.entries(one).every(([key, value]) => fields.get(key) === value)
}

/** What a person begins with who changes from a folder to a server. */
export const firstServer: ServerOrigin = {
  protocol: 'http',
  host: '127.0.0.1',
  httpPort: 3000,
  httpsPort: 443,
  ...originDefaults,
}

/** A host name or address in form; the engine has the last word. */
export function looksLikeHost(host: string): boolean {
  return host.length > 0 && host.length <= 255 && !/[\s/@?#\\%]/.test(host)
}

export function looksLikePort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535
}
