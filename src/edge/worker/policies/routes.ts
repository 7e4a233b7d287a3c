import { PublishedDomains } from './published-domains.ts'
import { servedRoute, type ServedRoute } from './route-rules.ts'
import type { Route } from '../../protocol/snapshot.ts'

export class RouteTable {
  readonly #byDomain: Map<string, ServedRoute>
  readonly #published: PublishedDomains

  constructor(routes: Iterable<Route> = [], published = new PublishedDomains()) {
    this.#byDomain = new Map()
    this.#published = published
    for (const route of routes) this.put(route)
  }

  /**
   * Route for a lower-case host name without port or final dot: exact first, then one-label wildcard. For a
   * connection to a published address, every domain that is not published there is unknown.
   */
  lookup(hostname: string, publishedAddress: string | null): ServedRoute | null {
    const route = this.#named(hostname)
    return route && this.#published.allows(route.domain, publishedAddress) ? route : null
  }

  #named(hostname: string): ServedRoute | null {
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
