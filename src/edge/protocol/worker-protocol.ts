import type { OriginState } from '../../contract/origins.ts'
import type { FoundAt } from '../worker/findings/found.ts'
import type { UsageReport } from './counts.ts'
import type { Snapshot, SnapshotChange } from './snapshot.ts'
import type { Told, WantedTraffic } from './told.ts'

export const aliveMs = 1_000
/** What was counted is reported so soon: what a worker that dies has not told is lost. */
export const usageMs = 50

/**
 * What is sent, numbered: an edition is a whole snapshot, or a change of the edition before. The
 * configuration's version does not do for that, because one version is sent twice where the vault
 * was locked and unlocked in between.
 */
export type Edition = { edition: number; ticketKeys: Buffer } & (
  | { snapshot: Snapshot; change?: undefined }
  | { change: SnapshotChange; snapshot?: undefined }
)

export type ToWorker =
  | { type: 'start'; listen: ListenRequest; edition: Edition }
  | { type: 'apply'; edition: Edition }
  /** The detail of traffic to report from now on; `observed` with the same `call` follows all reports before. */
  | { type: 'observe'; wanted: WantedTraffic; call: number }
  /** Send the listening sockets, and go on listening. */
  | { type: 'hand-over' }
  /** A listening socket of the worker that this one will replace. Its handle comes with the message. */
  | ({ type: 'listener' } & ListenerRole)
  /** Stop accepting, let exchanges finish, then end the process. */
  | ({ type: 'drain' } & DrainLimits)

export interface ListenerRole {
  serves: 'https' | 'http'
}

export interface DrainLimits {
  /** What has not finished by then is cut off. */
  deadlineMs: number
  /**
   * How long an idle connection may still bring a request, which is answered before the connection
   * is closed: closing at once would lose a request that is already on its way. 0 closes at once.
   */
  lingerMs: number
}

export interface ListenRequest {
  addresses: string[]
  httpsPort: number
  httpPort: number
  /** Whether other workers listen on the same ports: the first of them, or one that joins it. */
  sharing?: 'first' | 'joining' | undefined
}

/** What a line of the log says besides its message. */
export type LogFields = Record<string, string | number | boolean>

export type FromWorker =
  | { type: 'listening'; https: number; http: number; addresses: string[] }
  | { type: 'listen-failed'; code: string; port: number }
  /** A listening socket, with its handle; then `handed-over` once all have been sent. */
  | ({ type: 'listener' } & ListenerRole)
  | { type: 'handed-over' }
  /**
   * Sent once the process has started, and then every `aliveMs`: a worker in an endless loop does not. `busy` is
   * the share of that time in which its loop was not waiting, 0 to 1.
   */
  | { type: 'alive'; busy: number }
  | { type: 'usage'; report: UsageReport }
  | { type: 'findings'; found: FoundAt[] }
  | { type: 'applied'; edition: number; version: number }
  | { type: 'apply-failed'; edition: number; version: number; reason: string }
  /** The change was of another edition than the one that the worker has: it needs a whole one. */
  | { type: 'base-missing'; edition: number }
  /** A handshake for the domain meets a certificate that is to be renewed at once. */
  | { type: 'stale'; domain: string }
  /** How the origins of a domain are now. */
  | { type: 'origins'; domain: string; states: OriginState[] }
  /** What has ended since the last, ten times a second at most, and how much more was too much to tell. */
  | { type: 'traffic'; told: Told[]; notTold: number }
  /** Everything that ended before the `observe` of this `call` has been reported. */
  | { type: 'observed'; call: number }
  /** Something went wrong in the worker that nothing from outside may cause: it is counted. */
  | { type: 'fault'; message: string; fields: LogFields }
  | {
      type: 'log'
      level: 'info' | 'warn' | 'error'
      message: string
      fields?: LogFields
    }
