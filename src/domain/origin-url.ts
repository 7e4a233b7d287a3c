import { echoOf } from './echo.ts'
import { EdgekeepError } from '../contract/errors/registry.ts'
import { originDefaults, type Origin, type ServerOrigin } from '../contract/domains/origins.ts'
import { parseUrl } from '../contract/text/parse-url.ts'
import { canonicalIp } from './ip-address.ts'

export function readOrigin(text: string): { origin: Origin } | { problem: string } {
  try {
    return { origin: parseOrigin(text) }
  } catch (error) {
    if (error instanceof EdgekeepError) return { problem: error.message }
    throw error
  }
}

/**
 * Parses an origin: `http://127.0.0.1:3000`, `https://staging.example.com`, `h2c://127.0.0.1:50051`,
 * `file:///srv/shop` for a folder, `3000` or `:3000` for a port of this computer, `localhost:3000` over HTTP
 * (HTTPS on port 443), or `example.com` alone, which follows the protocol of each request.
 * @throws `origin.invalid`
 */
export function parseOrigin(text: string): Origin {
  const written = text.trim()
  const invalid = (reason: string) =>
    new EdgekeepError('origin.invalid', { origin: echoOf(withoutCredentials(written)), reason })
  if (folderPattern.test(written)) return { protocol: 'folder', folder: folderOf(written), dotFiles: false }
  if (relativeFolder.test(written)) throw invalid(wholePathNeeded)
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(written)?.[1]?.toLowerCase()
  if (scheme !== undefined && !isSpoken(scheme))
    throw invalid(`${scheme}:// is not spoken; use http://, https://, h2c:// or file:///`)
  const authority = (scheme ? written.slice(scheme.length + 3) : written).replace(/\/$/, '')
  if (authority.includes('@')) throw invalid('it holds a user name or password; leave them out')
  if (/[/?#\\]/.test(authority)) throw invalid('it holds a path; an origin is a host and a port')
  const { host, port } = hostAndPort(authority, scheme === undefined, invalid)
  const protocol = scheme ?? (port === undefined ? 'follow' : port === 443 ? 'https' : 'http')
  return {
    protocol,
    host,
    httpPort: protocol === 'https' ? 80 : (port ?? 80),
    httpsPort: protocol === 'https' ? (port ?? 443) : 443,
    ...originDefaults,
  }
}

/** Removes a password typed by mistake from error messages. */
function withoutCredentials(written: string): string {
  const at = written.lastIndexOf('@')
  return at === -1 ? written : `…${written.slice(at)}`
}

type Invalid = (reason: string) => EdgekeepError

function isSpoken(scheme: string): scheme is Exclude<ServerOrigin['protocol'], 'follow'> {
  return scheme === 'http' || scheme === 'https' || scheme === 'h2c'
}

/** `mayBeShort`: without a scheme, a number is a port and IPv6 needs no brackets. */
function hostAndPort(
  authority: string,
  mayBeShort: boolean,
  invalid: Invalid,
): { host: string; port: number | undefined } {
  if (mayBeShort) {
    const [, digits] = /^:?(\d+)$/.exec(authority) ?? []
    if (digits !== undefined) return { host: '127.0.0.1', port: portOf(digits, invalid) }
    const address = authority.includes(':') ? canonicalIp(authority) : undefined
    if (address !== undefined) return { host: address, port: undefined }
  }
  const [, written, digits] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority) ?? []
  if (!written) throw invalid('it names no host')
  return { host: hostOf(written, invalid), port: digits ? portOf(digits, invalid) : undefined }
}

function portOf(digits: string, invalid: Invalid): number {
  const port = Number(digits)
  if (port >= 1 && port <= 65_535) return port
  throw invalid(`${digits.slice(0, 12)} is not a port; ports are numbers from 1 to 65535`)
}

/** Normal form of the host: lower case, A-labels, IPv6 without brackets. */
function hostOf(written: string, invalid: Invalid): string {
  // Browsers escape characters in a host that Node rejects.
  const host = /[\s%~]/.test(written) ? undefined : parseUrl(`http://${written}/`)?.hostname
  if (!host || host.length > 255) throw invalid(noHostReason(written))
  const address = canonicalIp(host)
  if (address !== undefined && canonicalIp(written) === undefined && !written.startsWith('['))
    throw invalid(
      `"${written.slice(0, 40)}" would be read as the address ${address}; write the address in full`,
    )
  return host.replace(/^\[|\]$/g, '')
}

/** `/srv/shop`, `C:\\shop`, or either as a URL (RFC 8089). */
const folderPattern = /^(?:file:\/\/\/|\/(?!\/)|[a-z]:[\\/])/i
/** `~`, `~me/shop`, `./dist`: a shell or a folder would make paths of them, and a host is none of them. */
const relativeFolder = /^(?:~[^\s@:\\/]*|\.{1,2})(?:[\\/]|$)/
export const wholePathNeeded = 'its path does not begin at the root; give the whole path'

export function noHostReason(host: string): string {
  return host.startsWith('~') ? wholePathNeeded : 'it names no host'
}

function folderOf(written: string): string {
  if (!/^file:/i.test(written)) return written
  const path = decoded(written.slice('file://'.length))
  return /^\/[a-z]:[\\/]/i.test(path) ? path.slice(1) : path
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // The percent sign is literal.
    return path
  }
}
