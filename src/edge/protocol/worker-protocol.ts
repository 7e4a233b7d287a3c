import type { FindingKind } from '../../contract/findings/findings.ts'
import type { OriginState } from '../../contract/domains/origins.ts'
import type { Published } from '../../contract/lan/published.ts'
import type { UsageReport } from './counts.ts'
import type { Snapshot, SnapshotChange } from './snapshot.ts'
import type { TrafficReport, WantedTraffic } from './traffic-report.ts'

export const aliveMs = 2_000
/** Flush interval of usage counters. Unflushed counters are lost when a worker dies. */
export const usageMs = 50

/**
 * Numbered message with a whole snapshot or a change of the previous edition. The configuration's version
 * cannot number it, because locking and unlocking the vault sends one version twice.
 */
export type Edition = { edition: number; ticketKeys: Buffer } & (
  | { snapshot: Snapshot; change?: undefined }
  | { change: SnapshotChange; snapshot?: undefined }
)

export type ToWorker =
  | { type: 'start'; listen: ListenRequest; edition: Edition }
  | { type: 'apply'; edition: Edition }
  /** Sets the detail of traffic reports; `observed` with the same `call` follows all earlier reports. */
  | { type: 'observe'; wanted: WantedTraffic; call: number }
  /** Requests the listening sockets; the worker goes on listening. */
  | { type: 'hand-over' }
  /** Listening socket of the worker that this one will replace. Its handle comes with the message. */
  | ({ type: 'listener' } & ListenerRole)
  /** Stops accepting, lets exchanges finish, then ends the process. */
  | ({ type: 'drain' } & DrainLimits)

export interface ListenerRole {
  serves: 'https' | 'http'
  /** Serves the domains of this published address alone; null for a listener of this computer. */
  publishedAddress: string | null
}

export interface DrainLimits {
  deadlineMs: number
  /**
   * Time in which an idle connection may still bring a request, which is answered before the connection is
   * closed: closing at once would lose a request that is already on its way. 0 closes at once.
   */
  lingerMs: number
}

export interface ListenRequest {
  addresses: string[]
  httpsPort: number
  httpPort: number
  /** Whether other workers listen on the same ports: the first of them, or one that joins it. */
  sharing?: 'first' | 'joining'
  /** Time by domain for which its handshakes wait; also requests `unserved`. Undefined without a recent crash. */
  heldMs?: Map<string, number> | undefined
}

/** Finding in the responses of a domain, with the number of times since the last report. */
export interface FoundAt {
  kind: FindingKind
  example: string
  domain: string
  path: string
  count: number
}

export type LogFields = Record<string, string | number | boolean>

export type FromWorker =
  | { type: 'listening'; https: number; http: number; addresses: string[] }
  | { type: 'listen-failed'; code: string; port: number }
  /** Published addresses after a change of them; comes before the `applied` of its edition. */
  | { type: 'published'; addresses: Published[] }
  /** Listening socket with its handle; `handed-over` follows the last one. */
  | ({ type: 'listener' } & ListenerRole)
  | { type: 'handed-over' }
  /**
   * Heartbeat, sent once the process has started and then every `aliveMs`; an endless loop stops it. `busy`
   * is the share of that time in which the event loop was not waiting, 0 to 1.
   */
  | { type: 'alive'; busy: number }
  | { type: 'usage'; report: UsageReport }
  | { type: 'findings'; found: FoundAt[] }
  | { type: 'applied'; edition: number; version: number }
  | { type: 'apply-failed'; edition: number; version: number; reason: string }
  /** The change builds on another edition than the worker's: it needs a whole one. */
  | { type: 'base-missing'; edition: number }
  /** Domains with a connection whose first exchange has not ended. */
  | { type: 'unserved'; domains: string[] }
  /** A handshake found a certificate that needs renewal at once. */
  | { type: 'stale'; domain: string }
  /** A handshake for a name of no domain waits for a page. */
  | { type: 'unknown'; name: string }
  | { type: 'origins'; domain: string; states: OriginState[] }
  /** Exchanges since the last report, at most ten reports a second, and the number left out. */
  | { type: 'traffic'; reports: TrafficReport[]; omitted: number }
  /** Every exchange that ended before the `observe` of this `call` has been reported. */
  | { type: 'observed'; call: number }
  | { type: 'fault'; message: string; fields: LogFields }
  | {
      type: 'log'
      level: 'info' | 'warn' | 'error'
      message: string
      fields?: LogFields
    }
