import type { EdgeRequest } from '../http/request.ts'
import type { ServedRoute } from './route-rules.ts'

export interface PublicPorts {
  https: number
  http: number
}

/**
 * Status code and target of the redirect of `request`, or null. Path and query stay; the port is the one that a client outside sees.
 * A domain with HTTPS off never redirects to HTTPS.
 */
export function redirectFor(
  request: EdgeRequest,
  route: ServedRoute,
  ports: PublicPorts,
): { status: number; location: string } | null {
  if (route.certificateId === null || !isRedirected(request, route)) return null
  const target = targetOf(request)
  const port = ports[target] === defaultPorts[target] ? '' : `:${ports[target]}`
  const path = request.target === '*' ? '/' : request.target
  return { status: route.redirect.code, location: `${target}://${request.hostname}${port}${path}` }
}

/** Whether the settings redirect `request`, even if the edge cannot do it now. */
export function isRedirected(request: EdgeRequest, route: ServedRoute): boolean {
  return route.redirect.mode === targetOf(request) && !route.rules.unredirected?.(request.target)
}

function targetOf({ secure }: EdgeRequest): 'http' | 'https' {
  return secure ? 'http' : 'https'
}

const defaultPorts = { https: 443, http: 80 }
