import type { OriginState } from '../../contract/domains/origins.ts'
import type { UsageReport } from '../protocol/counts.ts'
import type { TrafficReport } from '../protocol/traffic-report.ts'
import type { ListenRequest, FoundAt } from '../protocol/worker-protocol.ts'
import type { SnapshotSource } from './editions.ts'
import type { StatusBoard } from './edge-status.ts'
import type { Workers } from './worker-count.ts'
import type { Reply } from './worker-process.ts'
import type { WorkerSlot } from './worker-slot.ts'

export interface EdgeLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type Ports = Pick<ListenRequest, 'httpsPort' | 'httpPort'>

/** Edge of an engine that crashed. */
export interface Predecessor {
  https: { port: number; wantedPort: number }
  http: { port: number; wantedPort: number }
  /** Its worker processes, which may have the ports for a moment longer. */
  workers: number[]
}

export interface SupervisorOptions {
  workerEntry: string
  listen: ListenRequest
  /** Ports to begin with, when they are not the wanted ones: those in force before a crash. */
  inForce?: Ports
  /** Processes whose end is waited for if a port is taken. */
  formerWorkers?: readonly number[]
  /** Reaction to a taken port: `fail`, or use the `next` free one. */
  portTaken: 'fail' | 'next'
  /** Number of workers; more than one needs a system that shares a port between them. Default: one. */
  workers?: Workers
  /** Idle time in seconds before an added worker is ended. Default: 60. */
  restSeconds?: number
  /** Read at every start and change. The supervisor zeroes the keys in its results after sending. */
  source: SnapshotSource
  /** Whether running workers keep their snapshot; changes wait for the next `apply`. */
  keepsSnapshot?: () => boolean
  log: EdgeLog
  onOrigins?: ((domain: string, states: OriginState[]) => void) | undefined
  onUsage?: ((report: UsageReport) => void) | undefined
  onTraffic?: (reports: TrafficReport[], omitted: number) => void
  onFindings?: ((found: FoundAt[]) => void) | undefined
  /** A handshake for the domain waits for a new certificate. */
  onStale?: ((domain: string) => void) | undefined
  /** A handshake for a name of no domain waits for a page. */
  onUnknown?: ((name: string) => void) | undefined
  changed: () => void
}

/** Parts of the supervisor that restarts and replacements of workers share. */
export interface WorkersOptions {
  slots: readonly WorkerSlot[]
  status: StatusBoard
  /** Whether a worker that starts now would lack keys. */
  keepsSnapshot: () => boolean
  isClosing: () => boolean
  /** Sends the whole snapshot to the process that is now in the slot. */
  start: (slot: WorkerSlot) => Promise<Reply>
  log: EdgeLog
}
