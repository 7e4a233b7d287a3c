import { hash, randomBytes } from 'node:crypto'
import { HandshakeServers } from './tls/handshake-servers.ts'
import type { OriginState } from '../../../contract/origins.ts'
import { Deadlines } from './bounds/deadlines.ts'
import { Destinations } from './origins/destinations.ts'
import type { EdgeState, WorkerLog } from './edge-state.ts'
import { Freshness } from './tls/freshness.ts'
import type { Shaker } from './tls/greeting.ts'
import { createHandshakeServer } from './tls/handshake-server.ts'
import { Challenges } from './tls/shown-challenges.ts'
import { faultText, type OnFault } from './faults.ts'
import type { FoundAt } from '../../findings/found.ts'
import { FindingsWatch } from './observe/findings-watch.ts'
import { Http1Connection } from './http1.ts'
import { Http2Connection } from './http2.ts'
import { defaultLimits, type Limits } from './bounds/limits.ts'
import { Listener, type HandedListener, type Listening } from './listener.ts'
import { ConnectionFacts, Observers, type HandshakeFacts, type Observer } from './observe/observe.ts'
import { PasswordChecks } from './rules/password-gate.ts'
import { isHost } from './http/request.ts'
import { RouteTable } from './rules/routes.ts'
import type {
  DrainLimits,
  ListenRequest,
  Route,
  Snapshot,
  SnapshotChange,
  SnapshotHead,
  Staple,
} from '../channel/snapshot.ts'
import { Upstreams } from './origins/upstream.ts'

export interface Edge {
  /** @throws ListenError */
  listen(request: ListenRequest): Promise<Listening>
  /**
   * Listens on the sockets of the worker that this one replaces.
   *
   * @throws ListenError
   */
  adopt(handed: HandedListener[]): Promise<Listening>
  /** The listening sockets, to be handed over. */
  handles(): HandedListener[]
  /**
   * Takes a snapshot up; the next handshake and the next request go by it. Whole or not at all, unless
   * `onUnusable` is there to hear of certificates that are left out.
   */
  apply(snapshot: Snapshot, onUnusable?: (certificateId: string, reason: string) => void): void
  /** Takes a change of the snapshot up, whole or not at all, in time that grows with the change alone. */
  change(change: SnapshotChange): void
  /**
   * Makes session tickets under `keys` (48 bytes) from now on, so that workers take each other's. Asked
   * again for the same ones it does nothing: sessions that were forgotten since stay forgotten.
   */
  useTicketKeys(keys: Buffer): void
  /** From now on `detail` is told of all that happens too; null ends it. */
  observe(detail: Observer | null): void
  /** Takes no more connections and resolves when the last exchange has ended, at the latest after `deadlineMs`. */
  drain(limits: DrainLimits): Promise<void>
}

/** A client's connection, whatever it speaks. */
interface Drainable {
  drain(lingerMs: number): void
}

/** The data path of one worker process. */
export function createEdge(options: {
  log: WorkerLog
  limits?: Partial<Limits>
  /** Told of what went wrong in us; absent: it is logged. */
  onFault?: OnFault
  /** Told of everything for as long as the edge is there, so it must be cheap. */
  observer?: Observer
  /** Told how the origins of a domain are, when one of them goes out or comes back; none where there are none to watch. */
  onOriginStates?: (domain: string, states: OriginState[]) => void
  /** Told what the answers of watched domains have in them. */
  onFindings?: (found: FoundAt[]) => void
  /** Told of a domain whose certificate is to be renewed at once, because a handshake waits for it. */
  onStale?: (domain: string) => void
}): Edge {
  const limits = { ...defaultLimits, ...options.limits }
  const fault: OnFault =
    options.onFault ??
    ((where, error, fields) => options.log('error', where, { ...fields, error: faultText(error) }))
  const deadlines = new Deadlines(limits.tickMs, fault)
  const observers = new Observers(options.observer ?? blind)
  const servers = new HandshakeServers((certificate) =>
    createHandshakeServer(certificate, {
      handshakeMs: limits.handshakeMs,
      fault,
      stapleFor: (leaf) => freshStaple(staples, leaf),
      onSecure(socket, arrival, hello) {
        const facts = new ConnectionFacts(arrival, socket)
        const result = facts.resumed ? 'resumed' : 'full'
        const { serverName, remoteAddress } = arrival
        tellHandshake({
          result,
          reason: null,
          detail: null,
          serverName,
          remoteAddress,
          hello,
          connection: facts,
        })
        const Connection = facts.protocol === 'h2' ? Http2Connection : Http1Connection
        keep(new Connection(state, socket, facts), socket)
      },
    }),
  )
  const freshness = new Freshness({ ask: options.onStale ?? (() => undefined) })
  let staples = new Map<string, Staple>()
  const connections = new Map<Drainable, () => void>()
  const upstreams = new Upstreams(deadlines, limits, fault)
  const identity = {
    publicPorts: { https: 443, http: 80 },
    viaName: `edgekeep-${randomBytes(4).toString('hex')}`,
  }
  const state: EdgeState = {
    ...identity,
    routes: new RouteTable(),
    upstreams,
    destinations: new Destinations({
      deadlines,
      limits,
      upstreams: { acquire: (...wish) => upstreams.acquire(...wish), identity },
      onStates: options.onOriginStates ?? (() => undefined),
      onChange: (domain, { state: now, address, reason }) => {
        const [level, message] =
          now === 'up'
            ? (['info', 'An origin may be asked again'] as const)
            : (['warn', 'An origin is out'] as const)
        options.log(level, message, { domain, address, state: now, ...(reason ? { reason } : {}) })
      },
    }),
    deadlines,
    limits,
    passwordChecks: new PasswordChecks(),
    challenges: new Challenges({ handshakeMs: limits.handshakeMs, fault }),
    findings: new FindingsWatch(options.onFindings ?? (() => undefined), (message, fields) =>
      options.log('error', message, fields),
    ),
    log: options.log,
    fault,
    observer: observers,
    isDraining: false,
  }
  let givenTicketKeys = Buffer.alloc(0)
  const listener = new Listener({
    limits,
    fault,
    deadlines,
    serverFor(serverName, hello) {
      const challenge = state.challenges.serverFor(serverName, hello)
      if (challenge) return challenge
      return awaitedFresh(serverName)?.then(() => servedFor(serverName)) ?? servedFor(serverName)
    },
    onPlain: (socket, arrival) =>
      keep(new Http1Connection(state, socket, new ConnectionFacts(arrival, null)), socket),
    onRefused: (refusal) => tellHandshake({ result: 'refused', ...refusal, connection: null }),
  })

  function servedFor(serverName: string): Shaker {
    const route = state.routes.lookup(serverName)
    if (!route) return 'unknown-name'
    if (route.outage !== null) return 'no-key'
    return (route.certificateId === null ? null : servers.get(route.certificateId)) ?? 'https-off'
  }

  /** Null where what is served is fresh enough. */
  function awaitedFresh(serverName: string): Promise<void> | null {
    const route = state.routes.lookup(serverName)
    const id = route?.certificateId ?? null
    const certificate = id === null ? null : servers.certificateOf(id)
    if (!route || id === null || !certificate) return null
    return freshness.awaited(id, certificate, route.domain)
  }

  function tellHandshake(facts: Omit<HandshakeFacts, 'domain'>): void {
    const { serverName } = facts
    const domain = serverName === null ? null : (state.routes.lookup(serverName)?.domain ?? null)
    observers.handshake({ ...facts, domain })
  }

  function keep(
    connection: Drainable,
    socket: { destroy(): unknown; once(event: 'close', f: () => void): unknown },
  ): void {
    connections.set(connection, () => socket.destroy())
    socket.once('close', () => connections.delete(connection))
  }

  function takeUpHead({ publicPorts, extraOriginAnchors, vaultFolder, challenges }: SnapshotHead): void {
    state.challenges.take(challenges ?? { http: [], tls: [] })
    state.publicPorts = publicPorts
    identity.publicPorts = publicPorts
    state.upstreams.trust(extraOriginAnchors)
    state.upstreams.guard(vaultFolder)
  }

  /** The routes there are for the domains of a change. */
  function touchedRoutes({ routes, removedRoutes }: SnapshotChange): Route[] {
    return [...routes.map(({ domain }) => domain), ...removedRoutes].flatMap(
      (domain) => state.routes.get(domain) ?? [],
    )
  }

  /** What is served under each name that is on HTTPS. */
  function servedChains(routes: Iterable<Route>): Map<string, string> {
    const chains = new Map<string, string>()
    for (const { domain, certificateId } of routes) {
      const chain = servers.chainOf(certificateId)
      if (chain !== null) chains.set(domain, chain)
    }
    return chains
  }

  /** A session holds the certificate it was made with: none may outlive the domain's use of it. */
  function forgetSessionsOf(served: Map<string, string>): void {
    for (const [domain, chain] of served) {
      if (servers.chainOf(state.routes.get(domain)?.certificateId ?? null) === chain) continue
      return servers.forgetSessions()
    }
  }

  return {
    listen: (request) => listener.listen(request),
    adopt: (handed) => listener.adopt(handed),
    handles: () => listener.handles(),
    apply(snapshot, onUnusable) {
      for (const route of snapshot.routes) checkOrigin(route)
      const routes = new RouteTable(snapshot.routes)
      const served = servedChains(state.routes.all())
      servers.apply(snapshot.certificates, onUnusable)
      state.routes = routes
      takeUpHead(snapshot)
      staples = new Map(Object.entries(snapshot.staples))
      state.destinations.forgetOthers(routes)
      state.destinations.take(snapshot.routes)
      forgetSessionsOf(served)
      freshness.takenUp((id) => servers.certificateOf(id) !== null)
    },
    change(change) {
      for (const route of change.routes) checkOrigin(route)
      const served = servedChains(touchedRoutes(change))
      const isChainReplaced = Object.entries(change.certificates).some(([id, { chainPem }]) => {
        const before = servers.chainOf(id)
        return before !== null && before !== chainPem
      })
      servers.change(change.certificates, change.removedCertificates)
      for (const domain of change.removedRoutes) state.routes.remove(domain)
      for (const route of change.routes) state.routes.put(route)
      takeUpHead(change)
      for (const leaf of change.removedStaples) staples.delete(leaf)
      for (const [leaf, staple] of Object.entries(change.staples)) staples.set(leaf, staple)
      for (const domain of change.removedRoutes) state.destinations.forget(domain)
      state.destinations.take(change.routes)
      if (isChainReplaced) servers.forgetSessions()
      else forgetSessionsOf(served)
      freshness.takenUp((id) => servers.certificateOf(id) !== null)
    },
    useTicketKeys(keys) {
      if (givenTicketKeys.equals(keys)) return
      givenTicketKeys.fill(0)
      givenTicketKeys = Buffer.from(keys)
      servers.useTicketKeys(keys)
    },
    observe(detail) {
      observers.detail = detail
    },
    async drain({ deadlineMs, lingerMs }) {
      state.isDraining = true
      listener.stop()
      for (const connection of connections.keys()) connection.drain(lingerMs)
      const endAt = performance.now() + deadlineMs
      const isBusy = () => connections.size > 0 || (lingerMs > 0 && listener.greetings > 0)
      while (isBusy() && performance.now() < endAt) await new Promise((resolve) => setTimeout(resolve, 20))
      for (const destroy of connections.values()) destroy()
      state.upstreams.closeIdle()
      deadlines.close()
    },
  }
}

const blind: Observer = { exchangeEnded: () => undefined, handshake: () => undefined }

/** A client may take an answer that is out of date for a sign of something worse. */
function freshStaple(staples: Map<string, Staple>, leaf: Buffer): Buffer | null {
  const staple = staples.get(hash('sha256', leaf))
  return staple && staple.goodUntil > Date.now() ? Buffer.from(staple.response) : null
}

/** A Host header goes into every request as it stands, so what would end its line is not taken up. */
function checkOrigin({ domain, origin, policies }: Route): void {
  const { backups, routes } = policies.origins
  for (const one of [origin, ...backups, ...routes.map((route) => route.origin)]) {
    if (one.protocol !== 'folder' && one.hostHeader !== null && !isHost(one.hostHeader))
      throw new Error(`the Host header for the origin of ${domain} is malformed`)
  }
}
