import { EdgekeepError } from './errors.ts'
import { originDefaults, type Origin } from './origins.ts'
import { parseUrl } from './parse-url.ts'

/**
 * An origin as a person writes it: `http://127.0.0.1:3000`, `https://staging.example.com`,
 * `h2c://127.0.0.1:50051`, `file:///srv/shop` for a folder, or `example.com` without a scheme, which
 * follows the protocol of each request. Throws `origin.invalid`.
 */
export function parseOrigin(text: string): Origin {
  const written = text.trim()
  const invalid = (reason: string) => new EdgekeepError('origin.invalid', { origin: written, reason })
  if (folderPattern.test(written)) return { protocol: 'folder', folder: folderOf(written), dotFiles: false }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(written)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https' && scheme !== 'h2c')
    throw invalid(`${scheme}:// is not spoken; use http://, https://, h2c:// or file:///`)
  // A scheme the URL parser knows no default port for keeps `:80` and `:443` visible.
  const url = parseUrl(`edgekeep://${scheme ? written.slice(scheme.length + 3) : written}`)
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

/** `/srv/shop`, `C:\\shop`, or either as a URL (RFC 8089). */
const folderPattern = /^(?:file:\/\/\/|\/(?!\/)|[a-z]:[\\/])/i

function folderOf(written: string): string {
  if (!/^file:/i.test(written)) return written
  const path = decoded(written.slice('file://'.length))
  return /^\/[a-z]:[\\/]/i.test(path) ? path.slice(1) : path
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A percent sign that stands for itself.
    return path
  }
}
