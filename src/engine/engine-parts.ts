import { hostname } from 'node:os'
import { Supervisor } from '../edge/supervisor/supervisor.ts'
import { systemCaaLookup } from './acme/client/caa.ts'
import { ChallengeBoard } from './acme/client/challenge-board.ts'
import { nameServersBy } from './acme/client/name-servers.ts'
import { txtLookup } from './acme/client/txt-lookup.ts'
import { createAcmeService } from './acme/server/acme-service.ts'
import type { AcmeServerNeeds } from './acme/server/needs.ts'
import { servedNamesOf } from './acme/server/served-names.ts'
import type { BackupNeeds } from './backup/needs.ts'
import { publishCertificates } from './certificates/views.ts'
import { createPlans } from './changes/changes.ts'
import { uptimeMs } from '../clock/uptime.ts'
import { createContainerWatch } from './containers/container-watch.ts'
import type { ContainerNeeds } from './containers/needs.ts'
import { createAgentRateLimit } from './core/agent-rate-limit.ts'
import { type Actor, type Core, createTopics } from './core/core.ts'
import { createAttempts, wrongSecretsIn } from './custody/attempts.ts'
import { type AutoLock, createAutoLock } from './custody/auto-lock.ts'
import { createConfirmationCodes } from './custody/confirmation-codes.ts'
import { effectiveAutoLockMinutes, keepsServing } from './custody/locking.ts'
import { noteOriginStates } from './domains/origin.ts'
import { publishDomains } from './domains/views.ts'
import { openEdgeRecord } from './edge-record.ts'
import type { EdgeOptions, EngineOptions } from './engine-options.ts'
import { createFindings } from './findings/findings.ts'
import type { FindingsNeeds } from './findings/handlers.ts'
import { PortListener } from './core/port-listener.ts'
import { fileEvidence } from './local-authority/clock-check.ts'
import { createPublication } from './local-authority/publication.ts'
import type { DevelopNeeds } from './develop/needs.ts'
import { answerUnknownName } from './develop/unknown-names.ts'
import { followRemovedDomains } from './lan/lan.ts'
import type { LanNeeds, PublishedDomains } from './lan/needs.ts'
import { createNetworkWatch, type NetworkWatch } from './lan/network-watch.ts'
import type { NamesNeeds } from './names/needs.ts'
import { createPacFile } from './names/pac-file.ts'
import { createPortWatch, type PortWatch } from './names/port-watch.ts'
import { createSiteBrowsers } from './names/site-browsers.ts'
import { allowances } from './network-guard/guard.ts'
import { createNoticeSchedule, type NoticeSchedule } from './notices/notice-schedule.ts'
import type { NoticesNeeds } from './notices/needs.ts'
import { createKeyedMutex, createMutex } from '../domain/mutex.ts'
import type { PublishNeeds } from './publish/needs.ts'
import { createTargetRenewals, type TargetRenewals } from './publish/renewals.ts'
import type { RenewalNeeds } from './renewal/needs.ts'
import { createRenewalScheduler, type RenewalScheduler } from './renewal/renewal-scheduler.ts'
import type { ServingNeeds, StaplingNeeds } from './serving/needs.ts'
import { createServing } from './serving/serving.ts'
import { createStapleKeeper, type StapleKeeper } from './serving/stapling.ts'
import { startedWith } from './settings/edge-start.ts'
import { publishStatus } from './settings/status.ts'
import type { SetupNeeds } from './setup/needs.ts'
import { AccessLog, accessLogFile } from './traffic/access-log.ts'
import { Traffic } from './traffic/traffic.ts'
import { createTemporaryNames } from './trust/temporary-names.ts'
import { createMetering, type Metering, type UsageNeeds } from './usage/metering.ts'
import { createWatchSchedule, type WatchSchedule } from './watch/watch-schedule.ts'
import type { Vault } from './vault/vault.ts'

/** Needs of all features together, which one engine meets. */
export interface EngineParts
  extends
    AcmeServerNeeds,
    BackupNeeds,
    ContainerNeeds,
    DevelopNeeds,
    FindingsNeeds,
    LanNeeds,
    NamesNeeds,
    NoticesNeeds,
    PublishNeeds,
    RenewalNeeds,
    ServingNeeds,
    SetupNeeds,
    StaplingNeeds,
    UsageNeeds {
  autoLock: AutoLock
  findings: FindingsNeeds['findings']
  metering: Metering
  outages: ServingNeeds['outages']
  published: LanNeeds['published']
  acmeServer: AcmeServerNeeds['acmeServer']
  publication: RenewalNeeds['publication']
  challenges: ChallengeBoard
  stapling: StapleKeeper | null
  renewal: RenewalScheduler | null
  portWatch: PortWatch | null
  noticeSchedule: NoticeSchedule | null
  watchSchedule: WatchSchedule | null
  networkWatch: NetworkWatch | null
  targetRenewals: TargetRenewals | null
}

type Options = EngineOptions & {
  clock: () => Date
  /** Locks a vault after that time without use. */
  lockUnused: (minutes: number) => void
}

/**
 * Parts of an engine that does not serve yet: each feature is made from what it names, after what it needs.
 * All share one object, so that the supervisor, whose snapshots are made of them, is seen by all.
 */
export function assembleParts(vault: Vault, options: Options): EngineParts {
  const { edge, clock, uptime, folder } = options
  const core = createCore(vault, options)
  const served = Object.assign(core, {
    protectors: options.protectors,
    attempts: createAttempts(wrongSecretsIn(vault), uptime),
    codes: createConfirmationCodes({ folder, clock, now: uptime }),
    ended: options.ended ?? (() => undefined),
    startedAt: clock(),
    edgeStart: edge && startedWith(vault, edge),
    outages: new Map(),
    originStates: new Map(),
    findings: createFindings(core),
    plans: createPlans(),
    temporaryNames: createTemporaryNames(),
    liveRuns: new Map(),
    standIns: new Map(),
    endedRuns: new Map(),
    unknownNames: new Map<string, number>(),
    publishing: createKeyedMutex(),
    publications: new Map<AbortController, { target: string; done: Promise<unknown> }>(),
    ordering: createMutex(),
    published: new Map<string, PublishedDomains>(),
    commandEntry: edge?.commandEntry ?? null,
    ...acmeClientOf(options),
    ...localServicesOf(core, options),
    ...observersOf(core, options),
    ...namesOf(core),
  })
  const stapled = Object.assign(served, { stapling: edge && createStapleKeeper(served) })
  const watched = Object.assign(stapled, {
    renewal: edge && createRenewalScheduler(stapled),
    portWatch: edge && createPortWatch(stapled),
    pacFile: edge && createPacFile(stapled),
    noticeSchedule: edge && createNoticeSchedule(stapled),
    watchSchedule: edge && createWatchSchedule(stapled),
    networkWatch: edge && createNetworkWatch(stapled),
    containerWatch: edge && createContainerWatch(stapled),
  })
  const parts = Object.assign(watched, { targetRenewals: edge && createTargetRenewals(watched) })
  if (edge && parts.edgeStart) parts.supervisor = supervise(parts, edge, parts.edgeStart.started)
  followRemovedDomains(parts)
  publishCertificates(parts)
  publishDomains(parts)
  publishStatus(parts)
  return parts
}

function createCore(vault: Vault, { folder, clock, log, uptime, lockUnused }: Options) {
  const autoLock = createAutoLock({
    minutes: () => effectiveAutoLockMinutes({ vault }),
    lock: lockUnused,
    now: uptime,
  })
  return {
    vault,
    folder,
    clock,
    log,
    actor: 'engine' as Actor,
    agentRateLimit: createAgentRateLimit(uptime ?? uptimeMs),
    supervisor: null as Supervisor | null,
    autoLock,
    unpublished: vault.touched.reader(),
    topics: createTopics(),
  } satisfies Core
}

function acmeClientOf({ lookupCaa, lookupTxt, nameServers, responderAllowance }: Options) {
  return {
    challenges: new ChallengeBoard(),
    orderedNames: new Set<string>(),
    ariAskedAt: new Map<string, string>(),
    lookupCaa: lookupCaa ?? systemCaaLookup(),
    lookupTxt: lookupTxt ?? txtLookup(),
    nameServers: nameServers ?? nameServersBy(),
    responderAllowance: responderAllowance ?? allowances.ocspResponder,
  }
}

/** Services of the local authority for other programs of this computer. */
function localServicesOf(core: Core, { edge, fileEvidence: given }: Options) {
  const { vault, clock, log, folder, topics } = core
  // False for an engine that a command opened for itself.
  const runs = edge !== null
  const changed = () => topics.issuing.publish({})
  const publication = createPublication({ vault, clock, log, runs, changed })
  const issuing = {
    hostName: hostname(),
    fileEvidence: given ?? (() => fileEvidence(folder)),
    publishedOf: (issuer: string) => publication.publishedOf(issuer),
  }
  const acmeServer = createAcmeService({
    issuing: { ...issuing, vault, clock, actor: 'engine' },
    log,
    runs,
    revoked: publication.changed,
    changed,
    served: servedNamesOf(core),
  })
  return { ...issuing, publication, acmeServer }
}

/** The vault is closed again if the counters cannot be opened. */
function observersOf(core: Core, { readOnly }: Options) {
  const { vault, folder, clock, log, topics } = core
  const traffic = new Traffic({
    observe: async (wanted) => core.supervisor?.observe(wanted),
    accessLog: new AccessLog({ vault, file: accessLogFile(folder), log }),
  })
  try {
    return { traffic, metering: createMetering({ folder, clock, log, topic: topics.usage, readOnly }) }
  } catch (error) {
    vault.close()
    throw error
  }
}

function namesOf({ log }: Core): Pick<NamesNeeds, 'siteBrowsers' | 'proxy' | 'dns'> {
  return {
    siteBrowsers: createSiteBrowsers(),
    proxy: new PortListener(log, 'The proxy for browsers'),
    dns: new PortListener(log, 'The DNS responder'),
  }
}

function supervise(
  parts: EngineParts,
  { workerEntry, portTaken, again }: EdgeOptions,
  { httpsPort, httpPort, workers }: NonNullable<EngineParts['edgeStart']>['started'],
): Supervisor {
  const record = openEdgeRecord(parts.folder, parts.log)
  const former = record.predecessor
  const resumed = again ? former : null
  return new Supervisor({
    workerEntry,
    listen: {
      addresses: ['127.0.0.1', '::1'],
      httpsPort: resumed?.https.wantedPort ?? httpsPort,
      httpPort: resumed?.http.wantedPort ?? httpPort,
    },
    inForce: resumed ? { httpsPort: resumed.https.port, httpPort: resumed.http.port } : undefined,
    formerWorkers: former?.workers,
    portTaken,
    workers,
    source: createServing(parts),
    keepsSnapshot: () => keepsServing(parts),
    log: parts.log,
    onUsage: (report) => parts.metering.take(report),
    onOrigins: (domain, states) => noteOriginStates(parts, domain, states),
    onTraffic: (reports, omitted) => parts.traffic.take(reports, omitted),
    onFindings: (found) => parts.findings.add(found),
    onStale: (domain) => parts.renewal?.freshen(domain),
    onUnknown: (name) => void answerUnknownName(parts, name),
    changed: () => {
      if (parts.supervisor) record.note(parts.supervisor.status())
      // A vault that is being replaced closes before the workers end.
      if (parts.vault.isOpen()) parts.topics.statusChanged.publish({})
    },
  })
}
