import type { EdgeOptions, EngineOptions } from './engine-options.ts'
import { assembleParts } from './engine-parts.ts'
import { createSupervisor, type Supervisor } from '../edge/supervisor/supervisor.ts'
import type { RouterContext } from './core/procedures.ts'
import { router } from './router.ts'
import { createRenewalScheduler } from './renewal/renewal-scheduler.ts'
import { createBackupTimer } from './backup/backup-schedule.ts'
import { failureLogger } from './custody/clean-up.ts'
import type { StartedWith } from './settings/edge-start.ts'
import { keepsServing, lockVault } from './custody/locking.ts'
import { createPruning } from './pruning.ts'
import { noteOriginStates } from './domains/origin.ts'
import type { Actor, EngineParts } from './parts.ts'
import { closeLocalServices, settleLocalServices } from './acme/server/local-services.ts'
import { createServing } from './serving/serving.ts'
import { createStapleKeeper } from './serving/stapling.ts'
import { reopenDns } from './names/dns.ts'
import { createPacFile } from './names/pac-file.ts'
import { createPortWatch } from './names/port-watch.ts'
import { reopenProxy } from './names/proxy.ts'
import { createStaging, type Staging } from './inspect/staging.ts'
import { engineStatus } from './settings/status.ts'
import { openVault } from './vault/vault.ts'

export interface Engine {
  context: RouterContext
  /** Context of the handlers for requests of `actor`. */
  contextFor(actor: Actor): RouterContext
  close(): Promise<void>
}

export { router }

/**
 * Opens the vault in `folder` and, unless `edge` is null, serves it.
 * @throws coded errors (`engine.busy`, `vault.locked`, `edge.port_taken`, …), leaving nothing open
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { folder, edge, protectors, readOnly, clock = () => new Date() } = options
  const reportFailure = failureLogger(options)
  const vault = await openVault({ folder, clock, protectors, readOnly, reportFailure })
  const lockUnused = (minutes: number) => lockAfter(minutes, parts, staging)
  const parts = assembleParts(vault, { ...options, clock, lockUnused })
  const staging = createStaging(parts, options.uptime)
  if (edge) addServing(parts, edge)
  const backups = edge ? createBackupTimer(parts) : undefined
  const pruning = edge ? createPruning({ ...parts, usage: parts.metering.store }) : undefined
  const close = async () => {
    backups?.close()
    pruning?.close()
    await closeParts(parts, staging)
  }
  try {
    await begin(parts)
  } catch (error) {
    await close()
    throw error
  }
  const contextFor = (actor: Actor) => ({ parts: { ...parts, actor }, staging })
  return { context: { parts, staging }, contextFor, close }
}

function lockAfter(minutes: number, parts: EngineParts, staging: Staging): void {
  lockVault(parts, staging, `it was not used for ${minutes} minutes`).catch((error: unknown) =>
    parts.log.error({ err: error }, 'Something failed while the vault locked itself'),
  )
}

function addServing(parts: EngineParts, edge: EdgeOptions): void {
  if (parts.edgeStart) parts.supervisor = supervise(parts, parts.edgeStart, edge)
  parts.stapling = createStapleKeeper(parts)
  parts.renewal = createRenewalScheduler(parts)
  parts.portWatch = createPortWatch(parts)
  parts.pacFile = createPacFile(parts)
}

async function begin(parts: EngineParts): Promise<void> {
  void parts.traffic.observeAsWanted()
  await settleLocalServices(parts)
  await parts.supervisor?.start()
  void parts.renewal?.look()
  await reopenProxy(parts)
  await reopenDns(parts)
  await parts.portWatch?.look()
}

/** Closes background tasks first, then services, then stores. */
async function closeParts(parts: EngineParts, staging: Staging): Promise<void> {
  parts.portWatch?.close()
  parts.pacFile?.close()
  parts.renewal?.close()
  parts.stapling?.close()
  parts.autoLock.close()
  parts.codes.close()
  staging.wipe()
  await closeLocalServices(parts)
  parts.siteBrowsers.close()
  parts.proxy.close()
  parts.dns.close()
  await parts.supervisor?.close()
  parts.traffic.close()
  parts.metering.close()
  parts.vault.close()
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
    keepsSnapshot: () => keepsServing(parts),
    log: parts.log,
    onUsage: (report) => parts.metering.take(report),
    onOrigins: (domain, states) => noteOriginStates(parts, domain, states),
    onTraffic: (reports, omitted) => parts.traffic.take(reports, omitted),
    onFindings: (found) => parts.findings.add(found),
    onStale: (domain) => parts.renewal?.freshen(domain),
    changed: () => {
      // A vault that is being replaced closes before the workers end.
      if (parts.vault.isOpen()) parts.topics.status.publish(engineStatus(parts))
    },
  })
}
