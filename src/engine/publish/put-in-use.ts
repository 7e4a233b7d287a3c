import { addAbortListener } from 'node:events'
import { posix } from 'node:path'
import type { ServerReport, TargetServer } from '../../contract/targets/targets.ts'
import { formatNumber } from '../../contract/text/count.ts'
import { HostFault } from './hosts/host.ts'
import { kindOf } from './kinds/kinds.ts'
import {
  cautionOf,
  faultsOf,
  isAsBefore,
  observeAll,
  type Observed,
  type ObservedSite,
  type Outside,
} from './observe.ts'
import { type Certificates, ignoringFaults, type Outcome, type Publication } from './publication.ts'
import { pruneReleases, removeRelease } from './release.ts'
import { reloadServer, testConfiguration, watchedFolder } from './server-program.ts'
import type { ServerSetup } from './site/server-setup.ts'
import type { Site } from './site/site.ts'
import { type Progress, StepFailed, type Steps } from './steps.ts'
import { changeServers } from './stored-targets.ts'

const proofPauseMs = 200

export interface Use {
  steps: Steps
  report: ServerReport
  /** Release to go back to. */
  former: string
  folder: string
  certificates: Certificates
  record: TargetServer
  /** Answers before the switch. */
  before: ReadonlyMap<Site, Observed>
}

type Reload = 'none' | 'failed' | 'done'

/** Switches a server to a release, proves that it is served, and rolls back otherwise. */
export async function putInUse(publication: Publication, use: Use): Promise<Outcome> {
  const { host, setup } = publication
  const { steps, report, former, folder, certificates, record } = use
  const done = sentencesOf(setup)
  let reload: Reload = 'none'
  try {
    await steps.make('switch', 'The link leads to the new release.', async () => {
      noteSwitch(publication)
      await switchTo(publication, folder)
    })
    await steps.make('check', done.check, () => testConfiguration(host, setup))
    reload = 'failed'
    await steps.make('reload', done.reload, () => reloadServer(host, setup))
    reload = 'done'
    await steps.make(
      'proof',
      proofSentence('Certificate, chain, redirect and HSTS are as meant, seen from outside.'),
      (progress) => unlessCancelled(publication, prove(publication, certificates, progress)),
    )
  } catch (error) {
    await rollBack(publication, use, reload)
    throw error
  }
  const needed = [former, folder].map((path) => posix.basename(path))
  return {
    report: { ...report, state: 'published' },
    server: record,
    undo: () => undone(publication, use, reload),
    prune: () => ignoringFaults(() => pruneReleases(host, setup, needed)),
  }
}

/** Waits for no slow answer once it is cancelled: an engine that ends has seconds for the rollback. */
async function unlessCancelled<T>({ watch }: Publication, proof: Promise<T>): Promise<T> {
  const { promise: cancelled, reject } = Promise.withResolvers<never>()
  using _listener = addAbortListener(watch.signal, () => reject(new HostFault('Cancelled.')))
  return await Promise.race([proof, cancelled])
}

function sentencesOf(setup: ServerSetup): { check: string; reload: string } {
  return {
    check: kindOf(setup).test(setup)
      ? 'The server’s own test accepts it.'
      : 'The server has no test of its own.',
    reload:
      watchedFolder(setup) === null ? 'The server has read it.' : 'The file that it watches was replaced.',
  }
}

/** Takes back a publication that had succeeded, and removes its keys. */
async function undone(publication: Publication, use: Use, reload: Reload): Promise<Outcome> {
  try {
    await rollBack(publication, use, reload)
    const { host, setup } = publication
    await ignoringFaults(() => removeRelease(host, setup, posix.basename(use.folder)))
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
  }
  return { report: use.report, server: publication.server, undo: null }
}

/** Noted before the switch: an engine that is killed before the record takes it back at its next start. */
function noteSwitch({ parts, setup, server }: Publication): void {
  const switchedAt = parts.clock().toISOString()
  changeServers(parts, setup.name, (each) =>
    each.address === server.address ? { ...each, switchedAt } : each,
  )
}

/** The link is relative, so that the folder can be moved. */
export async function switchTo(
  { host, setup }: Pick<Publication, 'host' | 'setup'>,
  folder: string,
): Promise<void> {
  await host.replaceLink(setup.current, posix.join('releases', posix.basename(folder)))
}

/** @throws `StepFailed` if the server is not as before */
async function rollBack(
  publication: Publication,
  { steps, report, former, before }: Use,
  reload: Reload,
): Promise<void> {
  const { host, setup } = publication
  report.state = 'failed'
  await steps.make('rollback', 'The link leads to the former release again.', async () => {
    await switchTo(publication, former)
    // A server that is down could not reload and has nothing to read again.
    const wasUp = [...before.values()].some(({ chain, http }) => chain.length > 0 || http !== null)
    if (reload === 'done' || (reload === 'failed' && wasUp)) await reloadServer(host, setup)
  })
  await steps.make('rollback-proof', 'It answers as before, seen from outside.', (progress) =>
    provenAsBefore(publication, before, progress),
  )
  report.state = 'rolled-back'
}

export function outsideOf({ host, setup }: Pick<Publication, 'host' | 'setup'>): Outside {
  return { address: host.outside(setup.bind), setup }
}

/** Sites are served as meant, and may have cautions. @throws `HostFault` */
export async function prove(
  publication: Publication,
  certificates: Certificates,
  progress: Progress,
): Promise<string[]> {
  const { setup } = publication
  const cautions = new Map<Site, string | null>()
  await until(publication, progress, (site, seen) => {
    const { chainPem = '' } = certificates.get(site.name) ?? {}
    cautions.set(site, cautionOf(seen, site))
    return faultsOf(seen, { site, chainPem, setup })
  })
  return [...cautions.values()].filter((caution) => caution !== null)
}

/** Sentence of a proof that succeeded, with its first cautions. */
export function proofSentence(proven: string): (cautions: string[]) => string {
  return (cautions) => {
    const more = cautions.length - mostFaults
    const rest = more > 0 ? [`So do ${formatNumber(more)} more.`] : []
    return [proven, ...cautions.slice(0, mostFaults), ...rest].join(' ')
  }
}

/** @throws `HostFault` */
async function provenAsBefore(
  publication: Publication,
  before: ReadonlyMap<Site, Observed>,
  progress: Progress,
): Promise<void> {
  await until(publication, progress, (site, seen) => {
    const was = before.get(site)
    return was && isAsBefore(was, seen) ? [] : [`${site.name}: it does not answer as before.`]
  })
}

const mostFaults = 5
/** A server reads its whole configuration at once: a few sites show when it has. */
const mostAwaited = 8

/** Looks until no site has a fault; again only at those that had one. @throws `HostFault` with the first faults */
export async function until<S extends ObservedSite>(
  publication: Pick<Publication, 'host' | 'setup' | 'proofMs'> & { sites: readonly S[] },
  progress: Progress,
  faultsIn: (site: S, seen: Observed) => string[],
): Promise<void> {
  const { sites, proofMs } = publication
  const end = performance.now() + proofMs
  for (let left = await faultyAmong(sites, progress); left.size > 0;) {
    const waiting = [...left.keys()]
    const proven = () => progress(sites.length - waiting.length, sites.length)
    for (let some = left; some.size > 0; some = await faultyAmong(waiting.slice(0, mostAwaited), proven)) {
      if (performance.now() > end)
        throw new HostFault([...some.values()].flat().slice(0, mostFaults).join(' '))
      await new Promise((resolve) => setTimeout(resolve, proofPauseMs))
    }
    left = await faultyAmong(waiting, progress)
  }

  async function faultyAmong(some: readonly S[], looked: Progress): Promise<Map<S, string[]>> {
    const observed = await observeAll(outsideOf(publication), some, looked)
    const faults = [...observed].map(([site, seen]) => [site, faultsIn(site, seen)] as const)
    return new Map(faults.filter(([, sentences]) => sentences.length > 0))
  }
}
