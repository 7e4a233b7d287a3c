import type { Deadlines } from '../limits/deadlines.ts'
import type { Destinations } from '../origins/destinations.ts'
import type { OnFault } from '../limits/faults.ts'
import type { Challenges } from '../tls/shown-challenges.ts'
import type { FindingsWatch } from '../observe/findings-watch.ts'
import type { EdgeIdentity } from '../origins/upstream-carrier.ts'
import type { Limits } from '../limits/limits.ts'
import type { Observer } from '../observe/observe.ts'
import type { PasswordChecks } from '../policies/password-gate.ts'
import type { RouteTable } from '../policies/routes.ts'
import type { FromWorker } from '../../protocol/worker-protocol.ts'
import type { Folders } from '../static-files/folder-carrier.ts'
import type { Upstreams } from '../origins/upstream.ts'

type LogMessage = Extract<FromWorker, { type: 'log' }>
export type WorkerLog = (
  level: LogMessage['level'],
  message: string,
  fields?: NonNullable<LogMessage['fields']>,
) => void

export interface EdgeState {
  routes: RouteTable
  readonly upstreams: Upstreams
  readonly folders: Folders
  readonly destinations: Destinations
  readonly deadlines: Deadlines
  readonly limits: Limits
  readonly passwordChecks: PasswordChecks
  readonly challenges: Challenges
  readonly findings: FindingsWatch
  readonly identity: EdgeIdentity
  readonly log: WorkerLog
  readonly fault: OnFault
  readonly observer: Observer
  isDraining: boolean
}
