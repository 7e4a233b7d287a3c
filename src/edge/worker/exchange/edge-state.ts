import { randomBytes } from 'node:crypto'
import type { FolderOrigin, OriginState } from '../../../contract/domains/origins.ts'
import type { Published } from '../../../contract/lan/published.ts'
import type { FoundAt, FromWorker } from '../../protocol/worker-protocol.ts'
import { Deadlines } from '../limits/deadlines.ts'
import { faultText, type OnFault } from '../limits/faults.ts'
import { defaultLimits, type Limits } from '../limits/limits.ts'
import { FindingsWatch } from '../observe/findings-watch.ts'
import type { Observer } from '../observe/observe.ts'
import { Destinations } from '../origins/destinations.ts'
import { Upstreams } from '../origins/upstream.ts'
import type { EdgeIdentity } from '../origins/upstream-carrier.ts'
import { PasswordChecks } from '../policies/password-gate.ts'
import { PublishedDomains } from '../policies/published-domains.ts'
import { RouteTable } from '../policies/routes.ts'
import { Folders } from '../static-files/folder-carrier.ts'
import { Challenges } from '../tls/shown-challenges.ts'

type LogMessage = Extract<FromWorker, { type: 'log' }>

export interface EdgeOptions {
  log: (level: LogMessage['level'], message: string, fields?: NonNullable<LogMessage['fields']>) => void
  limits?: Partial<Limits>
  /** Handles internal errors. Default: they are logged. */
  onFault?: OnFault
  observer?: Observer
  /** Reports the health of a domain's origins after each change; empty if none is watched. */
  onOriginStates?: (domain: string, states: OriginState[]) => void
  onFindings?: (found: FoundAt[]) => void
  /** Reports the published addresses after a change of them. */
  onPublished?: (addresses: Published[]) => void
  /** Port of mDNS. Default: 5353. */
  mdnsPort?: number
  /** Reports a domain whose certificate a handshake needs renewed at once. */
  onStale?: (domain: string) => void
  /** Reports a name of no domain for which a handshake waits. */
  onUnknown?: (name: string) => void
}

export type EdgeState = ReturnType<typeof createEdgeState>

/** State that all exchanges of a worker share, before its first snapshot. */
export function createEdgeState(
  { log, onFindings, onOriginStates, ...options }: EdgeOptions,
  observer: Observer,
) {
  const limits = { ...defaultLimits, ...options.limits }
  const fault: OnFault =
    options.onFault ?? ((where, error, fields) => log('error', where, { ...fields, error: faultText(error) }))
  const deadlines = new Deadlines(limits.tickMs, fault)
  const folders = new Folders()
  const openFolder = (origin: FolderOrigin) => folders.open(origin)
  const upstreams = new Upstreams({ deadlines, limits, fault, openFolder })
  const identity: EdgeIdentity = {
    publicPorts: { https: 443, http: 80 },
    viaName: `edgekeep-${randomBytes(4).toString('hex')}`,
  }
  const destinations = new Destinations({
    deadlines,
    limits,
    upstreams: { acquire: (...args) => upstreams.acquire(...args), identity },
    onStates: onOriginStates ?? (() => undefined),
    onChange(domain, { state, address, reason }) {
      const fields = { domain, address, state, ...(reason ? { reason } : {}) }
      if (state === 'up') log('info', 'An origin may be asked again', fields)
      else log('warn', 'An origin is out', fields)
    },
  })
  return {
    routes: new RouteTable(),
    published: new PublishedDomains(),
    identity,
    upstreams,
    folders,
    destinations,
    deadlines,
    limits,
    passwordChecks: new PasswordChecks(),
    challenges: new Challenges({ handshakeMs: limits.handshakeMs, fault }),
    findings: new FindingsWatch(onFindings ?? (() => undefined), fault),
    log,
    fault,
    observer,
    isDraining: false,
  }
}
