import { posix } from 'node:path'
import type { ServerReport, TargetServer } from '../../contract/targets/targets.ts'
import { HostFault } from './hosts/host.ts'
import { faultsOf, isAsBefore, observeAll, type Observed, type Outside } from './observe.ts'
import { type Certificates, ignoringFaults, type Outcome, type Publication } from './publication.ts'
import { pruneReleases } from './release.ts'
import { reloadServer, testConfiguration } from './server-program.ts'
import { StepFailed, type Steps } from './steps.ts'

const proofPauseMs = 200

export interface Use {
  steps: Steps
  report: ServerReport
  /** Release to go back to. */
  former: string
  folder: string
  certificates: Certificates
  record: TargetServer
}

/** Observations before the switch, and how far the reload came. */
interface Made {
  before: Observed[]
  reload: 'none' | 'failed' | 'done'
}

/** Switches a server to a release, proves that it is served, and rolls back otherwise. */
export async function putInUse(publication: Publication, use: Use): Promise<Outcome> {
  const { host, setup } = publication
  const { steps, report, folder, certificates, record } = use
  const before = await observeAll(outsideOf(publication), publication.sites)
  let reload: Made['reload'] = 'none'
  try {
    await steps.make('switch', 'The link leads to the new release.', () => switchTo(publication, folder))
    await steps.make('check', 'The server’s own test accepts it.', () => testConfiguration(host, setup))
    reload = 'failed'
    await steps.make('reload', 'The server has read it.', () => reloadServer(host, setup))
    reload = 'done'
    await steps.make('proof', 'Certificate, chain, redirect and HSTS are as meant, seen from outside.', () =>
      prove(publication, certificates),
    )
  } catch (error) {
    await rollBack(publication, use, { before, reload })
    throw error
  }
  await ignoringFaults(() => pruneReleases(host, setup, posix.basename(folder)))
  const undo = () => undone(publication, use, { before, reload })
  return { report: { ...report, state: 'published' }, server: record, undo }
}

/** Takes back a publication that had succeeded. */
async function undone(publication: Publication, use: Use, made: Made): Promise<Outcome> {
  try {
    await rollBack(publication, use, made)
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
  }
  return { report: use.report, server: publication.server, undo: null }
}

/** The link is relative, so that the folder can be moved. */
async function switchTo({ host, setup }: Publication, folder: string): Promise<void> {
  await host.replaceLink(setup.current, posix.join('releases', posix.basename(folder)))
}

/** @throws `StepFailed` if the server is not as before */
async function rollBack(
  publication: Publication,
  { steps, report, former }: Use,
  { before, reload }: Made,
): Promise<void> {
  const { host, setup } = publication
  report.state = 'failed'
  await steps.make('rollback', 'The link leads to the former release again.', async () => {
    await switchTo(publication, former)
    // A server that is down could not reload and has nothing to read again.
    const wasUp = before.some(({ chain, http }) => chain.length > 0 || http !== null)
    if (reload === 'done' || (reload === 'failed' && wasUp)) await reloadServer(host, setup)
  })
  await steps.make('rollback-proof', 'It answers as before, seen from outside.', () =>
    provenAsBefore(publication, before),
  )
  report.state = 'rolled-back'
}

function outsideOf({ host, setup }: Publication): Outside {
  return { address: host.outside(setup.bind), setup }
}

/** @throws `HostFault` */
export async function prove(publication: Publication, certificates: Certificates): Promise<void> {
  const { setup, sites } = publication
  await until(publication, async () => {
    const observed = await observeAll(outsideOf(publication), publication.sites)
    return sites.flatMap((site, at) => {
      const { chainPem = '' } = certificates.get(site.name) ?? {}
      const seen = observed[at]
      return seen ? faultsOf(seen, { site, chainPem, setup }) : []
    })
  })
}

/** @throws `HostFault` */
async function provenAsBefore(publication: Publication, before: Observed[]): Promise<void> {
  await until(publication, async () => {
    const now = await observeAll(outsideOf(publication), publication.sites)
    return publication.sites.flatMap(({ name }, at) => {
      const [was, is] = [before[at], now[at]]
      return was && is && isAsBefore(was, is) ? [] : [`${name}: it does not answer as before.`]
    })
  })
}

const mostFaults = 5

async function until({ proofMs }: Publication, faultsNow: () => Promise<string[]>): Promise<void> {
  const started = performance.now()
  for (;;) {
    const faults = await faultsNow()
    if (faults.length === 0) return
    if (performance.now() - started > proofMs) throw new HostFault(faults.slice(0, mostFaults).join(' '))
    await new Promise((resolve) => setTimeout(resolve, proofPauseMs))
  }
}
