import { hostname } from 'node:os'
import { createSupervisor, type Supervisor } from './edge/supervisor/supervisor.ts'
import type { Log } from './log.ts'
import type { RouterContext } from './router/procedures.ts'
import { router } from './router/router.ts'
import { createAttempts } from './services/attempts.ts'
import { createAutoLock } from './services/auto-lock.ts'
import { createBackupTimer } from './services/backup-schedule.ts'
import { createConfirmationCodes } from './services/confirmation-codes.ts'
import { createFindings } from './services/findings.ts'
import { createTopic } from './services/live.ts'
import { createMetering, type Metering } from './services/metering.ts'
import { autoLockMinutes, keepsServing, lockVault } from './services/locking.ts'
import { noteOriginStates } from './services/origin-states.ts'
import type { Actor, EngineParts } from './services/parts.ts'
import { createServing } from './services/serving.ts'
import { createStapleKeeper } from './services/stapling.ts'
import { createStaging } from './services/staging.ts'
import { engineStatus } from './services/status.ts'
import { AccessLog, accessLogFile } from './services/traffic/access-log.ts'
import { Traffic } from './services/traffic/traffic.ts'
import { openVault, type KeyProtector, type Vault } from './vault/vault.ts'

export interface EdgeOptions {
  workerEntry: string
  httpsPort: number
  httpPort: number
  /** What to do where a port is taken: `fail`, or take the `next` free one and say so. */
  portTaken: 'fail' | 'next'
  /** How many processes serve; absent: one. */
  workers?: number | undefined
}

export interface Engine {
  context: RouterContext
  /** What the handlers are given when `actor` asks. */
  contextFor(actor: Actor): RouterContext
  close(): Promise<void>
}

export { router }

/**
 * Opens the vault in `folder` and, unless `edge` is null, serves it. Throws coded errors
 * (`engine.busy`, `vault.locked`, `edge.port_taken`, …) and leaves nothing open when it does.
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
}): Promise<Engine> {
  const { folder, edge, log, protectors } = options
  const clock = options.clock ?? (() => new Date())
  const vault = await openVault({ folder, clock, protectors })
  const topics: EngineParts['topics'] = {
    domains: createTopic(),
    certificates: createTopic(),
    status: createTopic(),
    usage: createTopic(),
    notices: createTopic(),
  }
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
    stapling: null,
    originStates: new Map(),
    traffic: new Traffic({
      observe: (wanted) => parts.supervisor?.observe(wanted),
      accessLog: new AccessLog({ settings: vault.settings, file: accessLogFile(folder), log }),
    }),
    clock,
    log,
    hostName: hostname(),
    startedAt: clock(),
    findings: createFindings(clock),
    metering: meteringOf(vault, { folder, clock, log, topic: topics.usage }),
    topics,
  }
  const staging = createStaging(parts)
  const lockUnused = (minutes: number) => {
    lockVault(parts, staging, `nobody used it for ${minutes} minutes`).catch((error: unknown) =>
      log.error({ err: error }, 'Something failed while the vault locked itself'),
    )
  }
  if (edge) parts.supervisor = supervise(parts, edge)
  if (edge) parts.stapling = createStapleKeeper(parts)
  const backups = edge ? createBackupTimer(parts) : undefined
  const close = async () => {
    backups?.close()
    parts.stapling?.close()
    parts.autoLock.close()
    parts.codes.close()
    staging.wipe()
    await parts.supervisor?.close()
    parts.traffic.close()
    parts.metering.close()
    vault.close()
  }
  try {
    parts.traffic.settle()
    await parts.supervisor?.start()
  } catch (error) {
    await close()
    throw error
  }
  const contextFor = (actor: Actor) => ({ parts: { ...parts, actor }, staging })
  return { context: { parts, staging }, contextFor, close }
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
  { workerEntry, httpsPort, httpPort, portTaken, workers }: EdgeOptions,
): Supervisor {
  return createSupervisor({
    workerEntry,
    listen: { addresses: ['127.0.0.1', '::1'], httpsPort, httpPort },
    portTaken,
    workers,
    source: createServing(parts),
    isHeld: () => keepsServing(parts),
    log: parts.log,
    onUsage: (report) => parts.metering.take(report),
    onOrigins: (domain, states) => noteOriginStates(parts, domain, states),
    onTraffic: (told, notTold) => parts.traffic.take(told, notTold),
    onFindings: (found) => parts.findings.add(found),
    changed: () => parts.topics.status.publish(engineStatus(parts)),
  })
}
