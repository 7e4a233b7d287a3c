import type { Problem } from './pages.ts'

/**
 * Reason for refusing a method, or null. One rule for all versions of HTTP: the registered methods of HTTP
 * and its extensions that llhttp reads, in their registered case (RFC 9110, section 9.1). It excludes
 * everything that an HTTP/1.1 origin would read as the end of the request line, as another protocol or as
 * another method than the edge has judged.
 */
export function methodProblem(method: string): Problem | null {
  if (passedMethods.has(method)) return null
  if (method === 'CONNECT') return noTunnels
  if (method === 'TRACE') return noTrace
  return methodPattern.test(method) ? unknown : malformed
}

export const passedMethods: ReadonlySet<string> = new Set(
  (
    'GET HEAD POST PUT PATCH DELETE OPTIONS QUERY ' +
    // WebDAV and its extensions, caches and UPnP.
    'COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK BIND REBIND UNBIND ACL REPORT MKACTIVITY CHECKOUT ' +
    'MERGE MKCALENDAR LINK UNLINK PURGE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE'
  ).split(' '),
)

const noTunnels: Problem = { status: 501, sentence: 'This server makes no tunnels.' }
const noTrace: Problem = {
  status: 405,
  sentence: 'TRACE is not allowed here, because it would show what is between you and the origin.',
}
const unknown: Problem = { status: 501, sentence: 'This server passes no requests with this method on.' }
const malformed: Problem = {
  status: 400,
  sentence: 'The request cannot be passed on. Its method is malformed.',
}

/** RFC 9110, section 5.6.2. */
const methodPattern = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,32}$/
