import type { Origin, Outage, Redirect } from '../../contract/domains/domains.ts'
import type { StoredPolicies } from '../../contract/domains/policies.ts'
import type { LanAbsence } from '../../contract/lan/published.ts'
import type { HandshakeSettings } from './handshake-settings.ts'

export interface SnapshotHead {
  version: number
  /** Ports as a client outside sees them, for redirect targets. */
  publicPorts: { https: number; http: number }
  /** PEM, trusted besides the public and system roots when an origin's certificate is verified. */
  extraOriginAnchors: string[]
  /** Absolute path; a folder origin never serves files from it. */
  vaultFolder: string
  /** Absent unless a running order needs a challenge. */
  challenges?: ShownChallenges
  /** Addresses to listen on besides the loopback ones, each for its domains alone. Absent: none. */
  published?: PublishedAddress[]
  /** Suffixes below which the engine has a page for an unknown name. Absent: none. */
  unknownSuffixes?: string[]
}

export interface PublishedAddress {
  address: string
  /** Keys of the routes: exact or `*.` wildcard. */
  domains: string[]
  /** Reason not to listen, for the status: this computer is not in that network. Null or absent: it is. */
  absence?: LanAbsence | null
}

export interface ShownChallenges {
  http: { hostname: string; token: string; keyAuthorization: string }[]
  /** The key is made for this certificate, which proves only the challenge. */
  tls: { hostname: string; certificatePem: string; keyPem: string }[]
}

export interface Staple {
  response: Uint8Array
  /** Milliseconds since 1970. No staple is sent outside of this period, even if the engine keeps it. */
  goodFrom: number
  goodUntil: number
}

/**
 * Immutable configuration that a worker serves from, built by the engine and sent over the process channel.
 * It holds leaf keys: it is never written to disk, a log, argv or the environment.
 */
export interface Snapshot extends SnapshotHead {
  routes: Route[]
  /** Certificates by `servingId`, only those that a route on HTTPS uses. */
  certificates: Record<string, ServingCertificate>
  /** OCSP staples by SHA-256 of the leaf in hex. */
  staples: Record<string, Staple>
}

/** Delta to the previous snapshot: new and changed routes, certificates and staples whole. */
export interface SnapshotChange extends Snapshot {
  removedRoutes: string[]
  removedCertificates: string[]
  /** SHA-256 of the leaf in hex. */
  removedStaples: string[]
}

export interface Route {
  /** Lower-case A-labels, exact or `*.` wildcard. */
  domain: string
  /** Key of `certificates`. Null while HTTPS is off or paused: handshakes for the domain are refused. */
  certificateId: string | null
  /** Reason for a missing certificate although HTTPS is on. HTTP is refused if it would be redirected. */
  outage: Outage | null
  redirect: Redirect
  origin: Origin
  policies: StoredPolicies
  /** Answered in the place of the origin, to which nothing is sent then. Absent: none. */
  standIn?: StandIn
}

/** Page in the place of a development server that does not listen, or of no domain at all. */
export interface StandIn {
  /** Text for the person at the browser, without an internal address. */
  sentence: string
  /** Addresses of other servers of this computer. */
  links?: string[]
  /** Interval at which the page loads again. Absent: it does not. */
  retrySeconds?: number
  /** No domain has the name: the status is 404, and nothing is counted under it. */
  isUnknown?: boolean
}

export interface ServingCertificate {
  /** Leaf first, no root. */
  chainPem: string
  /** PKCS#8 PEM; the engine zeroes its copy after sending. */
  leafKeyPem: Buffer
  handshake: HandshakeSettings
  /**
   * Milliseconds since 1970. Outside of this period a handshake first asks for a new certificate. Absent for
   * certificates that cannot be renewed on demand.
   */
  fresh?: { from: number; until: number } | undefined
}
