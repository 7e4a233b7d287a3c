import { connect, isIP, type OnReadOpts, type Socket } from 'node:net'
import {
  connect as connectTls,
  createSecureContext,
  getCACertificates,
  rootCertificates,
  type SecureContext,
} from 'node:tls'
import type { Deadlines } from './deadlines.ts'
import type { Limits } from './limits.ts'
import type { EdgeRequest } from './request.ts'
import type { Route } from './snapshot.ts'
import { UpstreamPool, type UpstreamWaiter } from './upstream-pool.ts'

/** Where one request goes. Requests with the same `key` share connections. */
export interface UpstreamTarget {
  key: string
  host: string
  port: number
  /** Null for plain HTTP. */
  tls: { serverName: string | null; verify: boolean } | null
  hostHeader: string
}

/** The origin of `route` as `request` is to reach it. */
export function upstreamTarget(route: Route, request: EdgeRequest): UpstreamTarget {
  const { origin } = route
  const isTls = origin.protocol === 'https' || (origin.protocol === 'follow' && request.secure)
  const port = isTls ? origin.httpsPort : origin.httpPort
  const hostHeader = origin.hostHeader ?? request.host
  if (!isTls) return { key: `${origin.host} ${port}`, host: origin.host, port, tls: null, hostHeader }
  const name = origin.sni ?? hostHeader.replace(portPattern, '')
  const serverName = isIP(name.replace(/^\[|\]$/g, '')) ? null : name.toLowerCase()
  const key = `${origin.host} ${port} ${serverName ?? ''} ${origin.verify}`
  return { key, host: origin.host, port, tls: { serverName, verify: origin.verify }, hostHeader }
}

/** Connections to origins, kept for the next request. */
export class Upstreams {
  readonly #pools = new Map<string, UpstreamPool>()
  readonly #deadlines: Deadlines
  readonly #limits: Limits
  #extraAnchors: string[] = []
  #contexts = new Map<boolean, SecureContext>()

  constructor(deadlines: Deadlines, limits: Limits) {
    this.#deadlines = deadlines
    this.#limits = limits
  }

  /** PEM anchors that count besides the public and system roots. Idle connections made under others are closed. */
  trust(extraAnchors: string[]): void {
    if (extraAnchors.join() === this.#extraAnchors.join()) return
    this.#extraAnchors = extraAnchors
    this.#contexts.clear()
    this.closeIdle()
  }

  /** Gives a connection now or later; `isFresh` leaves those in the pool alone. Returns what takes the wish back. */
  acquire(target: UpstreamTarget, waiter: UpstreamWaiter, isFresh = false): () => void {
    let pool = this.#pools.get(target.key)
    if (!pool) {
      pool = new UpstreamPool({
        deadlines: this.#deadlines,
        limits: this.#limits,
        isTls: target.tls !== null,
        open: (onread) => this.#open(target, onread),
        onEmpty: () => this.#pools.delete(target.key),
      })
      this.#pools.set(target.key, pool)
    }
    return pool.acquire(waiter, isFresh)
  }

  closeIdle(): void {
    for (const pool of this.#pools.values()) pool.closeIdle()
  }

  #open(target: UpstreamTarget, onread: OnReadOpts): Socket {
    // RFC 6761, section 6.3: ".localhost" is this machine, whatever a resolver says.
    const host = target.host.toLowerCase().endsWith('.localhost') ? 'localhost' : target.host
    const where = { host, port: target.port, noDelay: true, onread }
    if (!target.tls) return connect(where)
    const { serverName, verify } = target.tls
    return connectTls({
      ...where,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: verify,
      secureContext: this.#context(verify),
      ...(serverName === null ? {} : { servername: serverName }),
    })
  }

  #context(verify: boolean): SecureContext {
    let context = this.#contexts.get(verify)
    if (!context) {
      context = createSecureContext(verify ? { ca: originAnchors(this.#extraAnchors) } : {})
      this.#contexts.set(verify, context)
    }
    return context
  }
}

/** The stores overlap, and each certificate costs time to read. */
function originAnchors(extra: string[]): string[] {
  return [...new Set([...rootCertificates, ...getCACertificates('system'), ...extra])]
}

const portPattern = /:\d+$/
