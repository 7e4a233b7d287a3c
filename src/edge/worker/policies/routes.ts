import { servedRoute, type ServedRoute } from './route-rules.ts'
import type { Route } from '../../protocol/snapshot.ts'

export class RouteTable {
  readonly #byDomain: Map<string, ServedRoute>

  constructor(routes: Iterable<Route> = []) {
    this.#byDomain = new Map()
    for (const route of routes) this.put(route)
  }

  /** Route for a lower-case host name without port or final dot: exact first, then one-label wildcard. */
  lookup(hostname: string): ServedRoute | null {
    const exact = this.#byDomain.get(hostname)
    // A client cannot ask for the wildcard itself: "*.shop.test" is no host name.
    if (exact) return hostname.charCodeAt(0) === asterisk ? null : exact
    const dot = hostname.indexOf('.')
    if (dot <= 0) return null
    return this.#byDomain.get(`*${hostname.slice(dot)}`) ?? null
  }

  get(domain: string): ServedRoute | undefined {
    return this.#byDomain.get(domain)
  }

  put(route: Route): void {
    this.#byDomain.set(route.domain, servedRoute(route))
  }

  remove(domain: string): void {
    this.#byDomain.delete(domain)
  }

  all(): Iterable<Route> {
    return this.#byDomain.values()
  }
}

const asterisk = 42
