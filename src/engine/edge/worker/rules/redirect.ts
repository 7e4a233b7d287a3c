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
  const target = request.secure ? 'http' : 'https'
  if (route.redirect.mode !== target || route.certificateId === null) return null
  if (route.rules.unredirected?.(request.target)) return null
  const port = ports[target] === defaultPorts[target] ? '' : `:${ports[target]}`
  return `${target}://${request.hostname}${port}${request.target === '*' ? '/' : request.target}`
}

const defaultPorts = { https: 443, http: 80 }
