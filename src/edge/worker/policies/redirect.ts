import type { EdgeRequest } from '../http/request.ts'
import type { ServedRoute } from './route-rules.ts'

export interface PublicPorts {
  https: number
  http: number
}

/**
 * Where `request` is sent instead of to the origin, or null. Path and query stay as they are; the
 * port is the one a client outside sees. A domain whose HTTPS is off is never sent to HTTPS.
 */
export function redirectLocation(
  request: EdgeRequest,
  route: ServedRoute,
  ports: PublicPorts,
): string | null {
  if (route.certificateId === null || !isRedirected(request, route)) return null
  const target = targetOf(request)
  const port = ports[target] === defaultPorts[target] ? '' : `:${ports[target]}`
  return `${target}://${request.hostname}${port}${request.target === '*' ? '/' : request.target}`
}

/** Whether `route` sends `request` elsewhere by what is set, whether or not it can now. */
export function isRedirected(request: EdgeRequest, route: ServedRoute): boolean {
  return route.redirect.mode === targetOf(request) && !route.rules.unredirected?.(request.target)
}

function targetOf({ secure }: EdgeRequest): 'http' | 'https' {
  return secure ? 'http' : 'https'
}

const defaultPorts = { https: 443, http: 80 }
