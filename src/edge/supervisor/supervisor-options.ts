import type { OriginState } from '../../contract/origins.ts'
import type { FoundAt } from '../worker/findings/found.ts'
import type { UsageReport } from '../protocol/counts.ts'
import type { Told } from '../protocol/told.ts'
import type { ListenRequest } from '../protocol/worker-protocol.ts'
import type { SnapshotSource } from './editions.ts'
import type { Workers } from './worker-count.ts'

/** The part of a pino logger that is used here. */
export interface EdgeLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface SupervisorOptions {
  /** The worker's script. */
  workerEntry: string
  listen: ListenRequest
  /** What to do when a port is taken: `fail`, or take the `next` free one. */
  portTaken: 'fail' | 'next'
  /** How many processes serve; more than one needs a system that shares a port between them. Absent: one. */
  workers?: Workers | undefined
  /** How long a worker that was added must have been of no need before it is ended, in seconds. Absent: 60. */
  restSeconds?: number
  /** Asked at every start and change. The supervisor zeroes the keys that it gives once they are sent. */
  source: SnapshotSource
  /** Whether running workers are to be left with what they serve; changes wait for the next `apply`. */
  isHeld?: () => boolean
  log: EdgeLog
  /** A worker tells how the origins of a domain are. */
  onOrigins?: ((domain: string, states: OriginState[]) => void) | undefined
  /** A worker tells what it has counted since it last did. */
  onUsage?: ((report: UsageReport) => void) | undefined
  /** What workers tell of the traffic, after `observe`. */
  onTraffic?: (told: Told[], notTold: number) => void
  /** What the answers of watched domains have in them. */
  onFindings?: ((found: FoundAt[]) => void) | undefined
  /** A handshake for the domain waits for a fresh certificate. */
  onStale?: ((domain: string) => void) | undefined
  /** The status has changed. */
  changed: () => void
}
