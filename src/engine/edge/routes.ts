import type { Route } from './snapshot.ts'

export interface RouteTable {
  /** The route for a lower-case host name without port or final dot: exact first, then one-label wildcard. */
  lookup(hostname: string): Route | null
}

/** Two map look-ups at most, however many routes there are. */
export function createRouteTable(routes: Route[]): RouteTable {
  const byDomain = new Map(routes.map((route) => [route.domain, route]))
  return {
    lookup(hostname) {
      const exact = byDomain.get(hostname)
      // A client cannot ask for the wildcard itself: "*.shop.test" is no host name.
      if (exact) return hostname.charCodeAt(0) === asterisk ? null : exact
      const dot = hostname.indexOf('.')
      if (dot <= 0) return null
      return byDomain.get(`*${hostname.slice(dot)}`) ?? null
    },
  }
}

const asterisk = 42

/** As routes are looked up: lower case, without the root's final dot. */
export function normaliseHostname(hostname: string): string {
  const lower = hostname.toLowerCase()
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}
