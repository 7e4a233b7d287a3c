import type { Origin, Outage, Redirect } from '../../contract/domains.ts'
import type { KeptPolicies } from '../../contract/policies.ts'
import type { HandshakeSettings } from './handshake-settings.ts'

/** What holds for the edge as a whole. */
export interface SnapshotHead {
  /** Of the configuration. */
  version: number
  /** Ports as a client outside sees them, for redirect targets. */
  publicPorts: { https: number; http: number }
  /** PEM, trusted besides the public and system roots when an origin's certificate is verified. */
  extraOriginAnchors: string[]
  /** Absolute; no folder that is an origin serves anything of it. */
  vaultFolder: string
  /** Absent: no order runs that asks for any. */
  challenges?: ShownChallenges | undefined
}

/** What authorities ask to be shown while certificates are ordered from them, by kind of challenge. */
export interface ShownChallenges {
  http: { hostname: string; token: string; keyAuthorization: string }[]
  /** The key is made for this certificate, which proves nothing but the challenge. */
  tls: { hostname: string; certificatePem: string; keyPem: string }[]
}

export interface Staple {
  response: Uint8Array
  /** Milliseconds since 1970; outside of this period nothing is sent, whether or not the engine has dropped it. */
  goodFrom: number
  goodUntil: number
}

/**
 * Everything a worker needs to serve, immutable, built by the engine and sent over the process
 * channel. It holds leaf keys: it is never written to disk, a log, argv or the environment.
 */
export interface Snapshot extends SnapshotHead {
  routes: Route[]
  /** By `servingId`; only those that a route on HTTPS uses. */
  certificates: Record<string, ServingCertificate>
  /** Answers of OCSP responders to send along, by SHA-256 of the leaf in hex. */
  staples: Record<string, Staple>
}

/** What makes the next snapshot of the one before: new and changed routes, certificates and staples whole. */
export interface SnapshotChange extends Snapshot {
  /** By domain. */
  removedRoutes: string[]
  /** By id. */
  removedCertificates: string[]
  /** By SHA-256 of the leaf in hex. */
  removedStaples: string[]
}

export interface Route {
  /** Lower-case A-labels, exact or `*.` wildcard. */
  domain: string
  /** As a key of `certificates`. Null while HTTPS is off or paused: handshakes for it are refused. */
  certificateId: string | null
  /** Why there is none although HTTPS is on. Where HTTP would be redirected, it is refused meanwhile. */
  outage: Outage | null
  redirect: Redirect
  origin: Origin
  policies: KeptPolicies
}

export interface ServingCertificate {
  /** Leaf first, no root. */
  chainPem: string
  /** PKCS#8 PEM; the engine zeroes its copy once it is sent. */
  leafKeyPem: Buffer
  handshake: HandshakeSettings
  /**
   * Milliseconds since 1970: outside of this period a handshake asks for a fresh one first. Absent for certificates
   * that cannot be renewed at once.
   */
  fresh?: { from: number; until: number } | undefined
}
