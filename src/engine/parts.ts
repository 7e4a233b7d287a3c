import type { CertificateSummary, Domain, Outage } from '../contract/domains/domains.ts'
import type { VaultNotice } from '../contract/custody/custody.ts'
import type { Opening } from '../contract/inspect/procedures.ts'
import type { EngineStatus } from '../contract/engine/engine-status.ts'
import type { UsageToday } from '../contract/usage/usage.ts'
import type { OriginState } from '../contract/domains/origins.ts'
import type { IssuingParts } from './local-authority/generations.ts'
import type { Supervisor } from '../edge/supervisor/supervisor.ts'
import type { Log } from './core/log.ts'
import type { Allowance } from './network-guard/guard.ts'
import type { KeyProtector, TouchedReader, Vault } from './vault/vault.ts'
import type { Attempts } from './custody/attempts.ts'
import type { AutoLock } from './custody/auto-lock.ts'
import type { ConfirmationCodes } from './custody/confirmation-codes.ts'
import type { StartedWith } from './settings/edge-start.ts'
import type { AcmeKeeper } from './acme/server/keeper.ts'
import type { Publication } from './local-authority/publication.ts'
import type { Findings } from './findings/findings.ts'
import type { LiveEvent, Topic } from './core/live.ts'
import type { Metering } from './usage/metering.ts'
import type { CaaLookup } from './acme/client/caa.ts'
import type { NameServers } from './acme/client/name-servers.ts'
import type { TxtLookup } from './acme/client/txt-lookup.ts'
import type { ChallengeBoard } from './acme/client/challenge-board.ts'
import type { PacFile, PortWatch, RenewalScheduler, StapleKeeper } from './core/keepers.ts'
import type { Traffic } from './traffic/traffic.ts'
import type { Plans } from './changes/plans.ts'
import type { SiteBrowsers } from './names/site-browsers.ts'
import type { DnsKeeper } from './names/dns-keeper.ts'
import type { ProxyKeeper } from './names/proxy-keeper.ts'
import type { TemporaryNames } from './trust/temporary-names.ts'

export type Actor = 'window' | 'command line' | 'engine'

/** Parts shared by every service; made once in `engine-parts.ts`. */
export interface EngineParts {
  vault: Vault
  folder: string
  /** Protectors for a vault's key; absent: those of this system. */
  protectors: KeyProtector[] | undefined
  autoLock: AutoLock
  /** Limits guesses at secrets of the vault, over all callers. */
  attempts: Attempts
  codes: ConfirmationCodes
  /** Domains with HTTPS on whose key the edge lacks; changed in place. */
  outages: Map<string, Outage>
  /** Called when this engine has closed its vault for good. */
  ended: () => void
  /** Caller: `window`, `command line`, `engine`; the actor in the audit trail. */
  actor: Actor
  /** Null where this engine runs no edge (a command that opened the vault itself). */
  supervisor: Supervisor | null
  /** Start settings of the edge; null without one. */
  edgeStart: StartedWith | null
  metering: Metering
  /** Null without an edge. */
  stapling: StapleKeeper | null
  /** Null without an edge: certificates are then renewed on request only. */
  renewal: RenewalScheduler | null
  /** Challenge responses that the edge serves while orders run. */
  challenges: ChallengeBoard
  /** Names with an order in progress. */
  orderedNames: Set<string>
  /** Time until which an authority without ARI is not queried again, by certificate. */
  ariAskedAt: Map<string, string>
  responderAllowance: Allowance
  lookupCaa: CaaLookup
  lookupTxt: TxtLookup
  nameServers: NameServers
  /** States of the origins of domains with several, as last reported by the edge. */
  originStates: Map<string, OriginState[]>
  traffic: Traffic
  /** Temporary names that the edge serves for a probe, besides the vault's. */
  temporaryNames: TemporaryNames
  /** Shown plans that may be applied. */
  plans: Plans
  siteBrowsers: SiteBrowsers
  proxy: ProxyKeeper
  /** The DNS responder for whole suffixes. */
  dns: DnsKeeper
  /** Null where this engine does not serve. */
  portWatch: PortWatch | null
  /** Null where this engine does not serve. */
  pacFile: PacFile | null
  findings: Findings
  clock: () => Date
  fileEvidence: IssuingParts['fileEvidence']
  log: Log
  /** This computer's name, for the local authority's subject. */
  hostName: string
  /** Service for the local authority's CRL and OCSP responses. */
  publication: Publication
  /** Local authority as an ACME server for other programs of this computer. */
  acmeServer: AcmeKeeper
  publishedOf: IssuingParts['publishedOf']
  startedAt: Date
  /** Row changes not yet published to subscribers. */
  unpublished: TouchedReader
  topics: {
    domains: Topic<LiveEvent<Domain>>
    certificates: Topic<LiveEvent<CertificateSummary>>
    status: Topic<EngineStatus>
    usage: Topic<LiveEvent<UsageToday>>
    notices: Topic<VaultNotice>
    openings: Topic<Opening>
    /** Signals that issued certificates or offers of the local authority may have changed. */
    issuing: Topic<object>
  }
}
