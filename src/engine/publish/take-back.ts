import { posix } from 'node:path'
import type { PastReport, TargetServer } from '../../contract/targets/targets.ts'
import { commit } from '../core/commit.ts'
import { openHost } from './fleet.ts'
import { type Host, HostFault, HostGone } from './hosts/host.ts'
import type { PublishNeeds } from './needs.ts'
import { observeAll } from './observe.ts'
import { requireOwnFolder } from './own-folder.ts'
import { ignoringFaults } from './publication.ts'
import { outsideOf, switchTo, until } from './put-in-use.ts'
import { historyWith } from './record.ts'
import { emptyRelease, removeRelease } from './release.ts'
import { reloadServer, testConfiguration } from './server-program.ts'
import { type ServerSetup, setupOf } from './site/server-setup.ts'
import { vaultKeyOf } from './ssh-key.ts'
import { createSteps, type Progress, StepFailed } from './steps.ts'
import { changeTarget, requireTarget } from './stored-targets.ts'

const proofMs = 20_000

/**
 * Takes the servers of a target back to their recorded releases where a publication ended after its switch and before
 * its record: the engine was killed, or the rollback is not proven. A server that is away stays noted.
 */
export async function takeBack(parts: PublishNeeds, name: string): Promise<void> {
  const target = requireTarget(parts, name)
  const setup = setupOf(target)
  const noted = target.servers.filter(({ switchedAt }) => switchedAt !== null)
  const reports = (await Promise.all(noted.map((server) => takenBack(parts, setup, server)))).filter(
    (report) => report !== null,
  )
  if (reports.length === 0) return
  const proven = new Set(reports.flatMap(({ server, state }) => (state === 'rolled-back' ? server : [])))
  await commit(parts, () => {
    const at = parts.clock().toISOString()
    changeTarget(parts, name, ({ domains, servers, history }) => ({
      servers: servers.map((each) => (proven.has(each.address) ? { ...each, switchedAt: null } : each)),
      history: historyWith({ at, domains, servers: reports }, history, true),
    }))
    const states = reports.map(({ server, state }) => ({ server, state }))
    return { record: { action: 'target.take_back', subject: name, before: null, after: { servers: states } } }
  })
}

/** Null for a server that is away. */
async function takenBack(
  parts: PublishNeeds,
  setup: ServerSetup,
  server: TargetServer,
): Promise<PastReport | null> {
  const watch = { signal: new AbortController().signal, report: () => undefined }
  const steps = createSteps(server.address, watch)
  const report: PastReport = { server: server.address, state: 'failed', steps: steps.made }
  try {
    const host = await openHost(server, vaultKeyOf(parts, setup.name))
    try {
      const interrupted = posix.basename((await host.linkTarget(setup.current)) ?? '')
      const done = 'A publication was interrupted. The link leads to the recorded release again.'
      const isUp = await steps.make('rollback', done, () => goBack(host, setup, server))
      const proven = isUp
        ? 'The certificates of that release are served, seen from outside.'
        : 'The server does not run. It reads that release when it starts.'
      await steps.make('rollback-proof', proven, async (progress) => {
        if (isUp) await prove(host, setup, server, progress)
      })
      await removeInterrupted(host, setup, server, interrupted)
    } finally {
      host.close()
    }
    return { ...report, state: 'rolled-back' }
  } catch (error) {
    const cause = error instanceof StepFailed ? error.cause : error
    if (!(cause instanceof HostFault)) throw error
    parts.log.warn({ err: cause, server: server.address }, 'Interrupted publication not taken back')
    return error instanceof StepFailed && !(cause instanceof HostGone) ? report : null
  }
}

/** Removes the release that the publication left, with its keys. */
async function removeInterrupted(
  host: Host,
  setup: ServerSetup,
  { release }: TargetServer,
  name: string,
): Promise<void> {
  const isLeft = name !== (release ?? emptyRelease) && (await host.list(setup.releases)).includes(name)
  if (isLeft) await ignoringFaults(() => removeRelease(host, setup, name))
}

/** Whether the server runs: one that does not could not reload. @throws `HostFault` */
async function goBack(host: Host, setup: ServerSetup, server: TargetServer): Promise<boolean> {
  await requireOwnFolder(host, setup)
  const folder = posix.join(setup.releases, server.release ?? emptyRelease)
  if ((await host.entry(folder))?.kind !== 'folder') throw new HostFault(`${folder} is not there any more.`)
  await switchTo({ host, setup }, folder)
  await testConfiguration(host, setup)
  try {
    await reloadServer(host, setup)
    return true
  } catch (error) {
    const seen = await observeAll(outsideOf({ host, setup }), [siteNamed(server.certificates[0]?.domain)])
    const answers = [...seen.values()].some(({ chain, http }) => chain.length > 0 || http !== null)
    if (answers || !(error instanceof HostFault)) throw error
    return false
  }
}

const siteNamed = (name = 'edgekeep.invalid') => ({ name, answersFor: null, tls: null })

/** @throws `HostFault` */
async function prove(
  host: Host,
  setup: ServerSetup,
  { certificates }: TargetServer,
  progress: Progress,
): Promise<void> {
  const leaves = new Map(certificates.map(({ domain, fingerprintSha256 }) => [domain, fingerprintSha256]))
  const sites = [...leaves.keys()].map(siteNamed)
  await until(
    { host, setup, sites, proofMs: proofMs + 100 * sites.length },
    progress,
    ({ name }, { chain }) =>
      chain[0] === leaves.get(name) ? [] : [`${name}: its recorded certificate is not served.`],
  )
}
