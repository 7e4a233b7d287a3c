import type { EdgeRequest } from '../http/request.ts'
/** Path and host under which a client reaches an origin that does not know them. */
export interface ServedBelow {
  path: string
  host: string
  originHost: string
}

/**
 * Restores the removed path prefix in a response's fields, so that redirects and cookie paths are right for
 * the client. An origin that heeds X-Forwarded-Prefix has already done so; other hosts, relative references
 * and bodies stay unchanged.
 */
export function withPathRestored(headers: string[], below: ServedBelow): string[] {
  return headers.map((value, at) => {
    if (at % 2 === 0) return value
    const name = headers[at - 1]!
    if (name.length === 8 && name.toLowerCase() === 'location') return restoredLocation(value, below)
    if (name.length === 10 && name.toLowerCase() === 'set-cookie') return restoredCookie(value, below.path)
    return value
  })
}

/** Two slashes begin a host name (RFC 3986, section 4.2), and browsers treat a backslash as a slash. */
function restoredLocation(location: string, { path, host, originHost }: ServedBelow): string {
  if (/^\/(?![/\\])/.test(location)) return restored(location, path)
  const [, start, authority, rest] = /^((?:https?:)?\/\/)([^/?#\\]*)((?:[/?#].*)?)$/i.exec(location) ?? []
  if (start === undefined || authority === undefined || rest === undefined) return location
  const target = rest.startsWith('/') ? rest : `/${rest}`
  if (authority.toLowerCase() === host.toLowerCase()) return start + authority + restored(target, path)
  // The origin's own name, which a client may not even be able to reach.
  return authority.toLowerCase() === originHost.toLowerCase() ? restored(target, path) : location
}

/** RFC 6265, section 5.2.4: a path that does not begin with a slash is ignored. */
function restoredCookie(cookie: string, path: string): string {
  // Such a cookie is for the whole host, or browsers reject it (RFC 6265bis, section 4.1.3.2).
  if (/^\s*__host-/i.test(cookie)) return cookie
  return cookie.replace(/(;\s*path\s*=\s*)(\/[^;]*)/gi, (_whole, start: string, given: string) => {
    const wanted = given.trim()
    return start + (wanted === '/' ? path : restored(wanted, path))
  })
}

function restored(target: string, path: string): string {
  const hasPrefix = target.startsWith(path) && /^(?:$|[/?#])/.test(target.slice(path.length))
  return hasPrefix ? target : path + target
}

interface StrippedRequest extends EdgeRequest {
  asked: string
}

/** Rewrites `/api/users?x` to `/users?x` and adds the field from which many servers learn the prefix. */
export function withoutPath(request: EdgeRequest, path: string): StrippedRequest {
  const rest = request.target.slice(path.length)
  const target = rest.startsWith('/') ? rest : `/${rest}`
  const lines = `${request.lines}x-forwarded-prefix: ${path}\r\n`
  return { ...request, target, lines, asked: request.target }
}

/** Target that the client requested, with its prefix. */
export function askedTarget(request: EdgeRequest | StrippedRequest): string {
  return 'asked' in request ? request.asked : request.target
}
