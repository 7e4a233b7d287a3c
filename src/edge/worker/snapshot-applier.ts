import { hash } from 'node:crypto'
import type { Route, Snapshot, SnapshotChange, SnapshotHead, Staple } from '../protocol/snapshot.ts'
import type { EdgeState } from './exchange/edge-state.ts'
import { RouteTable } from './policies/routes.ts'
import type { ServerChoice } from './server-by-name.ts'
import type { OnDemandRenewal } from './tls/on-demand-renewal.ts'
import type { TlsServersByCertificate } from './tls/tls-servers-by-certificate.ts'
import type { UnknownNames } from './tls/unknown-names.ts'
import { isHost } from './http/arrival.ts'

/** Swaps routes and certificates for the next handshake and request; open connections go on. */
export class SnapshotApplier {
  readonly #state: EdgeState
  readonly #servers: TlsServersByCertificate
  readonly #renewal: OnDemandRenewal
  readonly #unknown: UnknownNames
  readonly #onUnpublished: (addresses: string[]) => void
  #staples = new Map<string, Staple>()

  /** `onUnpublished` gets the addresses at which a domain is no longer published. */
  constructor(
    { state, servers, renewal, unknown }: ServerChoice & { state: EdgeState },
    onUnpublished: (addresses: string[]) => void,
  ) {
    this.#state = state
    this.#servers = servers
    this.#renewal = renewal
    this.#unknown = unknown
    this.#onUnpublished = onUnpublished
  }

  whole(snapshot: Snapshot, onUnusable?: (certificateId: string, reason: string) => void): void {
    for (const route of snapshot.routes) checkOrigin(route)
    const state = this.#state
    const routes = new RouteTable(snapshot.routes, state.published)
    const served = this.#servedChains(state.routes.all())
    this.#servers.apply(snapshot.certificates, onUnusable)
    state.routes = routes
    this.#head(snapshot)
    this.#staples = new Map(Object.entries(snapshot.staples))
    state.destinations.forgetOthers(routes)
    state.destinations.take(snapshot.routes)
    this.#forgetSessionsOf(served)
    this.#goOn()
  }

  change(change: SnapshotChange): void {
    for (const route of change.routes) checkOrigin(route)
    const { routes, destinations } = this.#state
    const served = this.#servedChains(this.#touchedRoutes(change))
    const isChainReplaced = this.#isChainReplaced(change)
    this.#servers.change(change.certificates, change.removedCertificates)
    for (const domain of change.removedRoutes) routes.remove(domain)
    for (const route of change.routes) routes.put(route)
    this.#head(change)
    for (const leaf of change.removedStaples) this.#staples.delete(leaf)
    for (const [leaf, staple] of Object.entries(change.staples)) this.#staples.set(leaf, staple)
    for (const domain of change.removedRoutes) destinations.forget(domain)
    destinations.take(change.routes)
    if (isChainReplaced) this.#servers.forgetSessions()
    else this.#forgetSessionsOf(served)
    this.#goOn()
  }

  /** Releases waiting handshakes whose certificate is no longer served, or whose name now is. */
  #goOn(): void {
    this.#renewal.applied((id) => this.#servers.certificateOf(id) !== null)
    this.#unknown.applied((name) => this.#state.routes.lookup(name, null) !== null)
  }

  /** Null outside of the staple's validity: clients may treat an expired or future response as an attack. */
  stapleFor(leaf: Buffer): Buffer | null {
    const staple = this.#staples.get(hash('sha256', leaf))
    const now = Date.now()
    const isGood = staple && staple.goodFrom <= now && now < staple.goodUntil
    return isGood ? Buffer.from(staple.response) : null
  }

  #head({ publicPorts, extraOriginAnchors, vaultFolder, challenges, ...head }: SnapshotHead): void {
    const state = this.#state
    this.#onUnpublished(state.published.take(head.published ?? []))
    this.#unknown.take(head.unknownSuffixes ?? [])
    state.challenges.take(challenges ?? { http: [], tls: [] })
    state.identity.publicPorts = publicPorts
    state.upstreams.trust(extraOriginAnchors)
    state.folders.protect(vaultFolder)
  }

  #isChainReplaced({ certificates }: SnapshotChange): boolean {
    return Object.entries(certificates).some(([id, { chainPem }]) => {
      const before = this.#servers.chainOf(id)
      return before !== null && before !== chainPem
    })
  }

  #touchedRoutes({ routes, removedRoutes }: SnapshotChange): Route[] {
    return [...routes.map(({ domain }) => domain), ...removedRoutes].flatMap(
      (domain) => this.#state.routes.get(domain) ?? [],
    )
  }

  #servedChains(routes: Iterable<Route>): Map<string, string> {
    const chains = new Map<string, string>()
    for (const { domain, certificateId } of routes) {
      const chain = this.#servers.chainOf(certificateId)
      if (chain !== null) chains.set(domain, chain)
    }
    return chains
  }

  /** Drops sessions of swapped certificates: a session holds the certificate it was made with. */
  #forgetSessionsOf(served: Map<string, string>): void {
    for (const [domain, chain] of served) {
      if (this.#servers.chainOf(this.#state.routes.get(domain)?.certificateId ?? null) === chain) continue
      return this.#servers.forgetSessions()
    }
  }
}

/** Rejects a Host header that would end its line, because it goes into every request unchanged. */
function checkOrigin({ domain, origin, policies }: Route): void {
  const { backups, routes } = policies.origins
  for (const one of [origin, ...backups, ...routes.map((route) => route.origin)]) {
    if (one.protocol !== 'folder' && one.hostHeader !== null && !isHost(one.hostHeader))
      throw new Error(`the Host header for the origin of ${domain} is malformed`)
  }
}
