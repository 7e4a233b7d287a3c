import type { CertificateSummary } from '../../contract/domains/domains.ts'
import type { ListedDomain } from '../../contract/domains/listed-domain.ts'
import type { VaultNotice } from '../../contract/custody/custody.ts'
import type { Opening } from '../../contract/inspect/procedures.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { EngineStatus } from '../../contract/engine/engine-status.ts'
import type { LiveEvent } from '../../contract/shared/live-event.ts'
import type { UsageToday } from '../../contract/usage/usage.ts'
import type { Supervisor } from '../../edge/supervisor/supervisor.ts'
import type { Touched, TouchedReader, Vault } from '../vault/vault.ts'
import type { AgentRateLimit } from './agent-rate-limit.ts'
import { createTopic } from './live.ts'
import type { Log } from './log.ts'

export type Actor = 'window' | 'command line' | 'agent' | 'engine'

/** Rows whose views are to be published again. */
export type ShownRows = Omit<Touched, 'others'>

/** Dependencies of every service. A feature adds its own to them, by name; `core` knows no feature. */
export interface Core {
  vault: Vault
  folder: string
  clock: () => Date
  log: Log
  /** Caller; the actor in the audit trail. */
  actor: Actor
  /** Null where this engine runs no edge (a command that opened the vault itself). */
  supervisor: Supervisor | null
  /** Calls by agents in the last minute. */
  agentRateLimit: AgentRateLimit
  autoLock: {
    /** Restarts the timer. */
    touch(): void
  }
  /** Row changes not yet published to subscribers. */
  unpublished: TouchedReader
  topics: Topics
}

export type Topics = ReturnType<typeof createTopics>

export function createTopics() {
  return {
    /** Rows of a committed change, before the edge applies it. */
    rowsChanged: createTopic<Touched>(),
    /** Rows that features publish the views of. */
    rowsShown: createTopic<ShownRows>(),
    /** Signals that the engine's status may have changed. */
    statusChanged: createTopic<object>(),
    domains: createTopic<LiveEvent<ListedDomain>>(),
    certificates: createTopic<LiveEvent<CertificateSummary>>(),
    status: createTopic<EngineStatus>(),
    usage: createTopic<LiveEvent<UsageToday>>(),
    notices: createTopic<VaultNotice>(),
    openings: createTopic<Opening>(),
    /** Signals that issued certificates or offers of the local authority may have changed. */
    issuing: createTopic<object>(),
  }
}

/** @throws `edge.not_running` */
export function edgePorts({ supervisor }: Pick<Core, 'supervisor'>): { https: number; http: number } {
  const status = supervisor?.status()
  if (!status?.https || !status.http) throw new EdgekeepError('edge.not_running', {})
  return { https: status.https.port, http: status.http.port }
}
