import type { EdgeSettings } from '../contract/edge-settings.ts'
import { createSupervisor, type Supervisor } from './edge/supervisor/supervisor.ts'
import type { Log } from './log.ts'
import type { RouterContext } from './router/procedures.ts'
import { router } from './router/router.ts'
import { type CaaLookup, systemCaaLookup } from './services/acme/caa.ts'
import { type NameServers, nameServersBy } from './services/acme/name-servers.ts'
import { type TxtLookup, txtLookup } from './services/acme/txt-lookup.ts'
import { ChallengeBoard } from './services/acme/challenge-board.ts'
import { createRenewalKeeper } from './services/renewal/renewing.ts'
import { createAttempts } from './services/vault/attempts.ts'
import { createAutoLock } from './services/vault/auto-lock.ts'
import { createBackupTimer } from './services/vault/backup-schedule.ts'
import { createConfirmationCodes } from './services/vault/confirmation-codes.ts'
import { startedWith, type StartedWith } from './services/engine/edge-start.ts'
import { createFindings } from './services/findings/findings.ts'
import { createTopic } from './services/core/live.ts'
import { createMetering, type Metering } from './services/usage/metering.ts'
import { autoLockMinutes, keepsServing, lockVault } from './services/vault/locking.ts'
import { noteOriginStates } from './services/domains/origin.ts'
import type { Actor, EngineParts } from './services/core/parts.ts'
import {
  closeLocalServices,
  createLocalServices,
  settleLocalServices,
} from './services/issuing/local-services.ts'
import { createServing } from './services/serving/serving.ts'
import { createStapleKeeper } from './services/serving/stapling.ts'
import { openKeptDns } from './services/names/dns.ts'
import { createDnsKeeper } from './services/names/dns-keeper.ts'
import { openKeptProxy } from './services/names/proxy.ts'
import { createProxyKeeper } from './services/names/proxy-keeper.ts'
import { createSiteBrowsers } from './services/names/site-browsers.ts'
import { createPlans } from './services/setup/plans.ts'
import { createPassingNames } from './services/trust/passing-names.ts'
import { createStaging } from './services/staging/staging.ts'
import { engineStatus } from './services/engine/status.ts'
import { AccessLog, accessLogFile } from './services/traffic/access-log.ts'
import { Traffic } from './services/traffic/traffic.ts'
import { openVault, type KeyProtector, type Vault } from './vault/vault.ts'

export interface EdgeOptions {
  workerEntry: string
  /** For this run; absent: what the vault keeps. */
  httpsPort?: number | undefined
  httpPort?: number | undefined
  /** Where the engine listened that this one takes the place of; absent: nowhere. */
  samePorts?: { https: number; http: number } | undefined
  /** What to do where a port is taken: `fail`, or take the `next` free one and say so. */
  portTaken: 'fail' | 'next'
  /** How many processes serve, for this run; absent: what the vault keeps. */
  workers?: EdgeSettings['workers'] | undefined
  /** Where whoever starts this engine is to serve its numbers, for this run; absent: what the vault keeps. */
  metricsPort?: number | undefined
}

export interface Engine {
  context: RouterContext
  /** What the handlers are given when `actor` asks. */
  contextFor(actor: Actor): RouterContext
  close(): Promise<void>
}

export { router }

/**
 * Opens the vault in `folder` and, unless `edge` is null, serves it.
 * @throws coded errors (`engine.busy`, `vault.locked`, `edge.port_taken`, …) and leaves nothing open when it
 *   does
 */
export async function createEngine(options: {
  folder: string
  edge: EdgeOptions | null
  log: Log
  clock?: () => Date
  /** What may keep the key of the vault; absent: what this system has. */
  protectors?: KeyProtector[]
  /** Called when this engine has given its vault up and is of no use any more. */
  ended?: () => void
  /** Who tells CAA records; absent: this system's resolver. */
  lookupCaa?: CaaLookup
  /** Who tells TXT records; absent: this system's resolver. */
  lookupTxt?: TxtLookup | undefined
  /** Who finds and asks the name servers of a zone; absent: by this system's resolver, at port 53. */
  nameServers?: NameServers | undefined
}): Promise<Engine> {
  const { folder, edge, log, protectors, clock = () => new Date() } = options
  const vault = await openVault({ folder, clock, protectors })
  const topics = newTopics()
  const changed = () => topics.issuing.publish({})
  const local = createLocalServices({ vault, clock, log, runs: edge !== null, changed })
  const parts: EngineParts = {
    vault,
    folder,
    protectors,
    autoLock: createAutoLock({
      minutes: () => autoLockMinutes(parts),
      clock,
      lock: (minutes) => lockUnused(minutes),
    }),
    attempts: createAttempts(),
    codes: createConfirmationCodes({ folder, clock }),
    outages: new Map(),
    ended: options.ended ?? (() => undefined),
    actor: 'engine',
    supervisor: null,
    edgeStart: edge && startedWith(vault, edge),
    stapling: null,
    renewal: null,
    challenges: new ChallengeBoard(),
    orderedNames: new Set(),
    ariAskedAt: new Map(),
    lookupCaa: options.lookupCaa ?? systemCaaLookup(),
    lookupTxt: options.lookupTxt ?? txtLookup(),
    nameServers: options.nameServers ?? nameServersBy(),
    originStates: new Map(),
    traffic: new Traffic({
      observe: (wanted) => parts.supervisor?.observe(wanted),
      accessLog: new AccessLog({ vault, file: accessLogFile(folder), log }),
    }),
    clock,
    log,
    ...local,
    startedAt: clock(),
    findings: createFindings(clock),
    passing: createPassingNames(),
    plans: createPlans(),
    siteBrowsers: createSiteBrowsers(),
    proxy: createProxyKeeper(log),
    dns: createDnsKeeper(log),
    metering: meteringOf(vault, { folder, clock, log, topic: topics.usage }),
    untold: vault.touched.reader(),
    topics,
  }
  const staging = createStaging(parts)
  const lockUnused = (minutes: number) => {
    lockVault(parts, staging, `it was not used for ${minutes} minutes`).catch((error: unknown) =>
      log.error({ err: error }, 'Something failed while the vault locked itself'),
    )
  }
  if (edge && parts.edgeStart) parts.supervisor = supervise(parts, parts.edgeStart, edge)
  if (edge) parts.stapling = createStapleKeeper(parts)
  if (edge) parts.renewal = createRenewalKeeper(parts)
  const backups = edge ? createBackupTimer(parts) : undefined
  const close = async () => {
    backups?.close()
    parts.renewal?.close()
    parts.stapling?.close()
    parts.autoLock.close()
    parts.codes.close()
    staging.wipe()
    await closeLocalServices(local)
    parts.siteBrowsers.close()
    parts.proxy.close()
    parts.dns.close()
    await parts.supervisor?.close()
    parts.traffic.close()
    parts.metering.close()
    vault.close()
  }
  try {
    parts.traffic.observeAsWanted()
    await settleLocalServices(local)
    await parts.supervisor?.start()
    void parts.renewal?.look()
    await openKeptProxy(parts)
    await openKeptDns(parts)
  } catch (error) {
    await close()
    throw error
  }
  const contextFor = (actor: Actor) => ({ parts: { ...parts, actor }, staging })
  return { context: { parts, staging }, contextFor, close }
}

function newTopics(): EngineParts['topics'] {
  return {
    domains: createTopic(),
    certificates: createTopic(),
    status: createTopic(),
    usage: createTopic(),
    notices: createTopic(),
    openings: createTopic(),
    issuing: createTopic(),
  }
}

/** Leaves nothing open when it fails. */
function meteringOf(vault: Vault, options: Parameters<typeof createMetering>[0]): Metering {
  try {
    return createMetering(options)
  } catch (error) {
    vault.close()
    throw error
  }
}

function supervise(
  parts: EngineParts,
  { started: { httpsPort, httpPort, workers } }: StartedWith,
  { workerEntry, portTaken, samePorts }: EdgeOptions,
): Supervisor {
  return createSupervisor({
    workerEntry,
    listen: {
      addresses: ['127.0.0.1', '::1'],
      httpsPort: samePorts?.https ?? httpsPort,
      httpPort: samePorts?.http ?? httpPort,
    },
    portTaken,
    workers,
    source: createServing(parts),
    isHeld: () => keepsServing(parts),
    log: parts.log,
    onUsage: (report) => parts.metering.take(report),
    onOrigins: (domain, states) => noteOriginStates(parts, domain, states),
    onTraffic: (told, notTold) => parts.traffic.take(told, notTold),
    onFindings: (found) => parts.findings.add(found),
    onStale: (domain) => parts.renewal?.freshen(domain),
    changed: () => {
      // Workers end after the vault where that was closed to be replaced.
      if (parts.vault.isOpen()) parts.topics.status.publish(engineStatus(parts))
    },
  })
}
