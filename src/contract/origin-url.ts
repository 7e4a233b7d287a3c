import { EdgekeepError } from './errors.ts'
import { originDefaults, type Origin } from './domains.ts'

/**
 * An origin as a person writes it: `http://127.0.0.1:3000`, `https://staging.example.com`,
 * `h2c://127.0.0.1:50051`, or `example.com` without a scheme, which follows the protocol of each request. Throws `origin.invalid`.
 */
export function parseOrigin(text: string): Origin {
  const written = text.trim()
  const invalid = (reason: string) => new EdgekeepError('origin.invalid', { origin: written, reason })
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(written)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https' && scheme !== 'h2c')
    throw invalid(`${scheme}:// is not spoken; use http://, https:// or h2c://`)
  // A scheme the URL parser knows no default port for keeps `:80` and `:443` visible.
  const url = URL.parse(`edgekeep://${scheme ? written.slice(scheme.length + 3) : written}`)
  if (!url || !url.hostname) throw invalid('it names no host')
  if (url.username || url.password) throw invalid('it holds a user name or password; leave them out')
  if ((url.pathname !== '' && url.pathname !== '/') || url.search || url.hash) {
    throw invalid('it holds a path; an origin is a host and a port')
  }
  const port = url.port === '' ? undefined : Number(url.port)
  if (port === 0) throw invalid('port 0 cannot be reached')
  return {
    protocol: scheme ?? (port === undefined ? 'follow' : 'http'),
    host: url.hostname.replace(/^\[|\]$/g, ''),
    httpPort: scheme === 'https' ? 80 : (port ?? 80),
    httpsPort: scheme === 'https' ? (port ?? 443) : 443,
    ...originDefaults,
  }
}

/** What `parseOrigin` reads back; a followed origin shows no scheme. */
export function formatOrigin({ protocol, host, httpPort, httpsPort }: Origin): string {
  const shownHost = host.includes(':') ? `[${host}]` : host
  if (protocol === 'https') return `https://${shownHost}${httpsPort === 443 ? '' : `:${httpsPort}`}`
  if (protocol !== 'follow') return `${protocol}://${shownHost}${httpPort === 80 ? '' : `:${httpPort}`}`
  return httpPort === 80 && httpsPort === 443 ? shownHost : `${shownHost} (${httpPort} and ${httpsPort})`
}
