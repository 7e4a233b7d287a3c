import { useGivenLists } from './inspect/given-lists.ts'
import { createBackupTimer } from './backup/backup-schedule.ts'
import type { Actor } from './core/core.ts'
import { failureLogger } from './custody/notices.ts'
import { lockVault } from './custody/locking.ts'
import { removeFormerRuns } from './develop/runs.ts'
import type { EngineOptions } from './engine-options.ts'
import { assembleParts, type EngineParts } from './engine-parts.ts'
import { createFileSessions, type FileSessions } from './inspect/file-sessions.ts'
import { createInspections } from './inspect/inspect.ts'
import { createStaging } from './inspect/staging.ts'
import { reopenDns } from './names/dns.ts'
import { reopenProxy } from './names/proxy.ts'
import { createPruning } from './pruning.ts'
import { endPublications } from './publish/publish.ts'
import { router, type RouterContext } from './router.ts'
import { openVault } from './vault/vault.ts'

export interface Engine {
  context: RouterContext
  /** Context of the handlers for one connection of `actor`; `disconnected` ends what it has open. */
  contextFor(actor: Actor): RouterContext
  disconnected(context: RouterContext): void
  /** Cancels publications and waits for their rollbacks, at most as long as an ending engine may; never throws. */
  endPublications(): Promise<void>
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
  useGivenLists(folder, options.log)
  const vault = await openVault({ folder, clock, protectors, readOnly, reportFailure })
  const lockUnused = (minutes: number) => lockAfter(minutes, parts, sessions)
  const parts = assembleParts(vault, { ...options, clock, lockUnused })
  const sessions = createFileSessions(options.uptime)
  const backups = edge ? createBackupTimer(parts) : undefined
  const pruning = edge ? createPruning({ ...parts, usage: parts.metering.store }) : undefined
  let publicationsEnd: Promise<void> | null = null
  const endOnce = () => {
    parts.targetRenewals?.close()
    return (publicationsEnd ??= endPublications(parts))
  }
  const close = async () => {
    backups?.close()
    pruning?.close()
    await endOnce()
    await closeParts(parts, sessions)
  }
  try {
    await begin(parts)
  } catch (error) {
    await close()
    throw error
  }
  return {
    context: contextOf(parts, sessions),
    contextFor: (actor) => contextOf(partsFor(parts, actor), sessions),
    disconnected: ({ owner }) => sessions.endOf(owner),
    endPublications: endOnce,
    close,
  }
}

/** The same parts, not a copy of them, with the caller's name. */
function partsFor(parts: EngineParts, actor: Actor): EngineParts {
  return Object.assign(Object.create(parts) as EngineParts, { actor })
}

/** Context of one connection. */
function contextOf(parts: EngineParts, sessions: FileSessions): RouterContext {
  return {
    parts,
    sessions,
    staging: createStaging(parts, sessions),
    inspections: createInspections(parts, sessions),
    owner: Symbol(parts.actor),
  }
}

function lockAfter(minutes: number, parts: EngineParts, sessions: FileSessions): void {
  lockVault(parts, sessions, `it was not used for ${minutes} minutes`).catch((error: unknown) =>
    parts.log.error({ err: error }, 'Step of the automatic lock failed'),
  )
}

async function begin(parts: EngineParts): Promise<void> {
  void parts.traffic.observeAsWanted()
  await parts.publication.followSetting()
  await parts.acmeServer.followSettings()
  if (parts.supervisor) await removeFormerRuns(parts)
  await parts.supervisor?.start()
  void parts.renewal?.look()
  void parts.noticeSchedule?.look()
  void parts.watchSchedule?.look()
  parts.containerWatch?.look()
  void parts.targetRenewals?.look()
  await reopenProxy(parts)
  await reopenDns(parts)
  await parts.portWatch?.look()
}

/** Closes background tasks first, then services, then stores. */
async function closeParts(parts: EngineParts, sessions: FileSessions): Promise<void> {
  parts.portWatch?.close()
  parts.pacFile?.close()
  parts.renewal?.close()
  parts.noticeSchedule?.close()
  parts.watchSchedule?.close()
  parts.networkWatch?.close()
  parts.containerWatch?.close()
  parts.stapling?.close()
  parts.autoLock.close()
  parts.codes.close()
  sessions.wipe()
  await parts.acmeServer.close()
  await parts.publication.close()
  parts.siteBrowsers.close()
  await parts.proxy.close()
  await parts.dns.close()
  await parts.supervisor?.close()
  parts.traffic.close()
  parts.metering.close()
  parts.vault.close()
}
