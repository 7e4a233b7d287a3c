import type { CertificateSummary, Domain, Outage } from '../contract/domains.ts'
import type { VaultNotice } from '../contract/custody.ts'
import type { Opening } from '../contract/inspect-procedures.ts'
import type { EngineStatus } from '../contract/engine-status.ts'
import type { UsageToday } from '../contract/usage.ts'
import type { OriginState } from '../contract/origins.ts'
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
import type { PacFile, PortWatch, RenewalKeeper, StapleKeeper } from './core/keepers.ts'
import type { Traffic } from './traffic/traffic.ts'
import type { Plans } from './setup/plans.ts'
import type { SiteBrowsers } from './names/site-browsers.ts'
import type { DnsKeeper } from './names/dns-keeper.ts'
import type { ProxyKeeper } from './names/proxy-keeper.ts'
import type { PassingNames } from './trust/passing-names.ts'

export type Actor = 'window' | 'command line' | 'engine'

/** What every service is given; made once in `engine-parts.ts`. */
export interface EngineParts {
  vault: Vault
  /** Where the vault lies. */
  folder: string
  /** What may keep a vault's key; absent: what this system has. */
  protectors: KeyProtector[] | undefined
  autoLock: AutoLock
  /** At secrets of the vault, all callers together. */
  attempts: Attempts
  codes: ConfirmationCodes
  /** The domains that have HTTPS on and that the edge was last given no key for; changed in place. */
  outages: Map<string, Outage>
  /** Called when this engine has closed its vault for good. */
  ended: () => void
  /** Who asks: `window`, `command line`, `engine`; the audit trail's first word. */
  actor: Actor
  /** Null where this engine runs no edge (a command that opened the vault itself). */
  supervisor: Supervisor | null
  /** What the edge was started with; null where this engine runs none. */
  edgeStart: StartedWith | null
  metering: Metering
  /** Null where there is no edge to staple for. */
  stapling: StapleKeeper | null
  /** Null where this engine runs no edge: then certificates are renewed when asked for. */
  renewal: RenewalKeeper | null
  /** What the edge shows to authorities while orders run. */
  challenges: ChallengeBoard
  /** Names that are being ordered from an authority at this moment. */
  orderedNames: Set<string>
  /** Until when an authority that has said nothing is not asked again when to renew, by certificate. */
  ariAskedAt: Map<string, string>
  /** Scopes of the OCSP responders that certificates name. */
  responderAllowance: Allowance
  lookupCaa: CaaLookup
  lookupTxt: TxtLookup
  nameServers: NameServers
  /** How the origins of domains are that have several, as the edge last told. */
  originStates: Map<string, OriginState[]>
  traffic: Traffic
  /** Names that the edge serves besides the vault's, for a proof. */
  passing: PassingNames
  /** What was shown and may be carried out. */
  plans: Plans
  siteBrowsers: SiteBrowsers
  /** The CONNECT endpoint for browsers. */
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
  /** Where clients find what the local authority has revoked. */
  publication: Publication
  /** How other programs of this computer get certificates of the local authority. */
  acmeServer: AcmeKeeper
  publishedOf: IssuingParts['publishedOf']
  startedAt: Date
  /** What the watchers of lists have not been told of. */
  untold: TouchedReader
  topics: {
    domains: Topic<LiveEvent<Domain>>
    certificates: Topic<LiveEvent<CertificateSummary>>
    status: Topic<EngineStatus>
    usage: Topic<LiveEvent<UsageToday>>
    notices: Topic<VaultNotice>
    openings: Topic<Opening>
    /** What the local authority has issued or offers may have changed. */
    issuing: Topic<object>
  }
}
