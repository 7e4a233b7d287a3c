import { randomBytes } from 'node:crypto'
import { ServingContexts } from './certificates.ts'
import { Deadlines } from './deadlines.ts'
import type { EdgeState, WorkerLog } from './edge-state.ts'
import { Http1Connection } from './http1.ts'
import { Http2Connection } from './http2.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { Listener, type Listening } from './listener.ts'
import { isHost } from './request.ts'
import { createRouteTable } from './routes.ts'
import type { ListenRequest, Route, Snapshot } from './snapshot.ts'
import { Upstreams } from './upstream.ts'

export interface Edge {
  /** @throws ListenError */
  listen(request: ListenRequest): Promise<Listening>
  /**
   * Takes a snapshot up; the next handshake and the next request go by it. Whole or not at all, unless
   * `onUnusable` is there to hear of certificates that are left out.
   */
  apply(snapshot: Snapshot, onUnusable?: (certificateId: string, reason: string) => void): void
  /** Takes no more connections and resolves when the last exchange has ended, at the latest after `deadlineMs`. */
  drain(deadlineMs: number): Promise<void>
}

/** A client's connection, whatever it speaks. */
interface Drainable {
  drain(): void
}

/** The data path of one worker process. */
export function createEdge(options: { log: WorkerLog; limits?: Partial<Limits> }): Edge {
  const limits = { ...defaultLimits, ...options.limits }
  const deadlines = new Deadlines(limits.tickMs)
  const contexts = new ServingContexts()
  const connections = new Map<Drainable, () => void>()
  const state: EdgeState = {
    routes: createRouteTable([]),
    publicPorts: { https: 443, http: 80 },
    upstreams: new Upstreams(deadlines, limits),
    deadlines,
    limits,
    viaName: `edgekeep-${randomBytes(4).toString('hex')}`,
    log: options.log,
    isDraining: false,
  }
  let served = new Map<string, string | null>()
  const listener = new Listener({
    limits,
    contextFor(serverName) {
      const id = state.routes.lookup(serverName)?.certificateId ?? null
      return id === null ? null : contexts.get(id)
    },
    onSecure(socket, arrival) {
      const Connection = socket.alpnProtocol === 'h2' ? Http2Connection : Http1Connection
      keep(new Connection(state, socket, arrival), socket)
    },
    onPlain: (socket, arrival) => keep(new Http1Connection(state, socket, arrival), socket),
  })

  function keep(
    connection: Drainable,
    socket: { destroy(): unknown; once(event: 'close', f: () => void): unknown },
  ): void {
    connections.set(connection, () => socket.destroy())
    socket.once('close', () => connections.delete(connection))
  }

  return {
    listen: (request) => listener.listen(request),
    apply(snapshot, onUnusable) {
      for (const route of snapshot.routes) checkOrigin(route)
      const routes = createRouteTable(snapshot.routes)
      const serving = new Map(snapshot.routes.map((route) => [route.domain, servedChain(route, snapshot)]))
      contexts.apply(snapshot.certificates, onUnusable)
      state.routes = routes
      state.publicPorts = snapshot.publicPorts
      state.upstreams.trust(snapshot.extraOriginAnchors)
      // A session holds the certificate it was made with: none may outlive the domain's use of it.
      for (const [domain, chain] of served) {
        if (chain === null || serving.get(domain) === chain) continue
        listener.forgetSessions()
        break
      }
      served = serving
    },
    async drain(deadlineMs) {
      state.isDraining = true
      listener.stop()
      for (const connection of connections.keys()) connection.drain()
      const endAt = Date.now() + deadlineMs
      while (connections.size > 0 && Date.now() < endAt)
        await new Promise((resolve) => setTimeout(resolve, 20))
      for (const destroy of connections.values()) destroy()
      state.upstreams.closeIdle()
      deadlines.close()
    },
  }
}

function servedChain({ certificateId }: Route, { certificates }: Snapshot): string | null {
  return certificateId === null ? null : (certificates[certificateId]?.chainPem ?? null)
}

/** A Host header goes into every request as it stands, so what would end its line is not taken up. */
function checkOrigin({ domain, origin }: Route): void {
  if (origin.hostHeader !== null && !isHost(origin.hostHeader)) {
    throw new Error(`the Host header for the origin of ${domain} is malformed`)
  }
}
