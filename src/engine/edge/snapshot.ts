import type { Origin, Redirect } from '../../contract/domains.ts'
import type { Policies } from '../../contract/policies.ts'

/**
 * Everything a worker needs to serve, immutable, built by the engine and sent whole over the
 * process channel. It holds leaf keys: it is never written to disk, a log, argv or the environment.
 */
export interface Snapshot {
  version: number
  routes: Route[]
  /** By certificate id; only those that a route on HTTPS uses. */
  certificates: Record<string, ServingCertificate>
  /** Ports as a client outside sees them, for redirect targets. */
  publicPorts: { https: number; http: number }
  /** PEM, trusted besides the public and system roots when an origin's certificate is verified. */
  extraOriginAnchors: string[]
}

export interface Route {
  /** Lower-case A-labels, exact or `*.` wildcard. */
  domain: string
  /** Null while HTTPS is off or paused: handshakes for it are refused. */
  certificateId: string | null
  redirect: Redirect
  origin: Origin
  policies: Policies
}

export interface ServingCertificate {
  /** Leaf first, no root. */
  chainPem: string
  /** PKCS#8 PEM; the engine zeroes its copy once the worker has acknowledged. */
  leafKeyPem: Buffer
}

export const aliveMs = 1_000

export type ToWorker =
  | { type: 'start'; listen: ListenRequest; snapshot: Snapshot }
  | { type: 'apply'; snapshot: Snapshot }
  /** Stop accepting, let exchanges finish until `deadlineMs`, then end them. */
  | { type: 'drain'; deadlineMs: number }

export interface ListenRequest {
  addresses: string[]
  httpsPort: number
  httpPort: number
}

export type FromWorker =
  | { type: 'listening'; https: number; http: number; addresses: string[] }
  | { type: 'listen-failed'; code: string; port: number }
  /** Sent every `aliveMs`: a worker that goes round in circles does not. */
  | { type: 'alive' }
  | { type: 'applied'; version: number }
  | { type: 'apply-failed'; version: number; reason: string }
  | {
      type: 'log'
      level: 'info' | 'warn' | 'error'
      message: string
      fields?: Record<string, string | number | boolean>
    }
