import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import type { PublishedCertificate, ServerReport, TargetServer } from '../../contract/targets/targets.ts'
import type { IssuingParts } from '../local-authority/generations.ts'
import { type Host, HostFault } from './hosts/host.ts'
import { kindOf } from './kinds/kinds.ts'
import { lineDiff } from './line-diff.ts'
import { faultsOf, isAsBefore, observeAll, type Observed, type Outside } from './observe.ts'
import { currentPath } from './site/release-paths.ts'
import {
  configurationOf,
  digestOf,
  pruneReleases,
  readRelease,
  releaseOf,
  type SiteCertificate,
  writeRelease,
} from './release.ts'
import { readsFolder, reloadServer, testConfiguration } from './server-program.ts'
import type { ServerSetup } from './site/server-setup.ts'
import { isDue, newCertificate, presentCertificate, publishedFacts } from './site-certificates.ts'
import type { Site } from './site/site.ts'
import { createSteps, StepFailed, type Steps } from './steps.ts'

const proofPauseMs = 200

export interface Publication {
  parts: IssuingParts
  host: Host
  setup: ServerSetup
  sites: Site[]
  /** Record of the last publication. */
  server: TargetServer
  dryRun: boolean
  /** Time for a proof: old processes of a server answer for a moment after a reload. */
  proofMs: number
}

export interface Outcome {
  report: ServerReport
  /** Record of the server from now on. */
  server: TargetServer
}

type Certificates = Map<string, SiteCertificate>

/**
 * Publishes to one server, or leaves it as it was. The switch is a rename of a link that the server reads at a
 * reload alone, after its own test; what fails after the switch is rolled back, and that is proven too.
 */
export async function publishToServer(publication: Publication): Promise<Outcome> {
  const steps = createSteps()
  const { server, host } = publication
  const report: ServerReport = {
    server: host.name,
    state: 'refused',
    steps: steps.made,
    diff: '',
    renewed: [],
  }
  try {
    return await published(publication, steps, report)
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    return { report, server }
  }
}

async function published(publication: Publication, steps: Steps, report: ServerReport): Promise<Outcome> {
  const { host, setup, sites, server, dryRun } = publication
  const { present, diff } = await steps.make('preflight', 'The server reads Edgekeep’s folder.', () =>
    preflight(publication),
  )
  report.renewed = sites.map(({ name }) => name).filter((name) => !present.has(name))
  report.diff = diff
  const former = formerFolder(setup, server)
  if (dryRun) return { report: { ...report, state: 'planned' }, server }
  const name = releaseName(publication.parts.clock())
  const folder = posix.join(setup.releases, name)
  try {
    const { certificates, release, digest, isInUse } = await steps.make(
      'certificates',
      certificatesSentence(report),
      () => madeRelease(publication, present, name),
    )
    if (isInUse) return await unchanged(publication, certificates, { steps, report })
    await steps.make('write', 'The release is written.', () => writeRelease(host, folder, release))
    const record = {
      address: server.address,
      release: name,
      digest,
      certificates: factsOf(sites, certificates),
    }
    return await putInUse(publication, { steps, report, former, folder, certificates, record })
  } catch (error) {
    if (report.state !== 'failed') await removeUnused(publication, name)
    throw error
  }
}

async function preflight(publication: Publication): Promise<{ present: Certificates; diff: string }> {
  const { host, setup, sites } = publication
  await testConfiguration(host, setup)
  if (!(await readsFolder(host, setup))) {
    const { line, place } = kindOf(setup).include(setup)
    throw new HostFault(`The server does not read Edgekeep’s folder yet. Add ${place}: ${line}`)
  }
  const before = await host.read(currentPath(setup, kindOf(setup).file))
  const diff = lineDiff(before?.toString('utf8') ?? '', configurationOf(sites, setup))
  return { present: await presentCertificates(publication), diff }
}

/** Certificates of the present release that stay in use. */
async function presentCertificates({
  parts,
  host,
  setup,
  sites,
  server,
}: Publication): Promise<Certificates> {
  const staying: Certificates = new Map()
  if (server.release === null) return staying
  const folder = posix.join(setup.releases, server.release)
  for (const site of sites) {
    const published = server.certificates.find(({ domain }) => domain === site.name)
    if (!published || isDue(published, parts.clock())) continue
    const certificate = await presentCertificate(host, folder, { site, setup, published })
    if (certificate) staying.set(site.name, certificate)
  }
  return staying
}

function certificatesSentence({ renewed }: ServerReport): string {
  if (renewed.length === 0) return 'All certificates stay.'
  return `${renewed.length === 1 ? 'A key was' : `${renewed.length} keys were`} made at the server, and only certificates went there.`
}

async function madeRelease(publication: Publication, present: Certificates, name: string) {
  const certificates = await issueMissing(publication, present, name)
  const release = releaseOf(publication.sites, certificates, publication.setup)
  const digest = digestOf(release)
  return { certificates, release, digest, isInUse: await isAsRecorded(publication, digest) }
}

async function issueMissing(
  publication: Publication,
  present: Certificates,
  release: string,
): Promise<Certificates> {
  const { parts, host, setup, sites } = publication
  const certificates: Certificates = new Map(present)
  for (const site of sites)
    if (!certificates.has(site.name))
      certificates.set(site.name, await newCertificate(parts, host, { site, setup, release }))
  return certificates
}

function factsOf(sites: readonly Site[], certificates: Certificates): PublishedCertificate[] {
  return sites.flatMap((site) => {
    const certificate = certificates.get(site.name)
    return certificate ? publishedFacts(site, certificate) : []
  })
}

/** `20261129T102030-1f2e3d`: in the order of time. */
function releaseName(at: Date): string {
  return `${at.toISOString().replaceAll(/[-:]|\.\d+Z/g, '')}-${randomBytes(3).toString('hex')}`
}

/** Release to go back to: the recorded one, or an empty one. */
function formerFolder({ releases }: ServerSetup, { release }: TargetServer): string {
  return posix.join(releases, release ?? emptyRelease)
}

/** Release without a site, made with the target. */
export const emptyRelease = '0-empty'

/** Whether the server has this release in use already. */
async function isAsRecorded({ host, setup, server }: Publication, digest: string): Promise<boolean> {
  if (digest !== server.digest || server.release === null) return false
  const to = await host.linkTarget(setup.current)
  if (to === null || posix.basename(to) !== server.release) return false
  return digestOf(await readRelease(host, posix.join(setup.releases, server.release))) === digest
}

async function unchanged(
  publication: Publication,
  certificates: Certificates,
  { steps, report }: { steps: Steps; report: ServerReport },
): Promise<Outcome> {
  await steps.make('proof', 'It is served as meant.', () => prove(publication, certificates))
  return { report: { ...report, state: 'unchanged' }, server: publication.server }
}

interface Use {
  steps: Steps
  report: ServerReport
  /** Release to go back to. */
  former: string
  folder: string
  certificates: Certificates
  record: TargetServer
}

async function putInUse(publication: Publication, use: Use): Promise<Outcome> {
  const { host, setup } = publication
  const { steps, report, folder, certificates, record } = use
  const before = await observeAll(outsideOf(publication), publication.sites)
  let reloaded = false
  try {
    await steps.make('switch', 'The link leads to the new release.', () => switchTo(publication, folder))
    await steps.make('check', 'The server’s own test accepts it.', () => testConfiguration(host, setup))
    reloaded = true
    await steps.make('reload', 'The server has read it.', () => reloadServer(host, setup))
    await steps.make('proof', 'Certificate, chain, redirect and HSTS are as meant, seen from outside.', () =>
      prove(publication, certificates),
    )
  } catch (error) {
    await rollBack(publication, use, { before, reloaded })
    throw error
  }
  await ignoringFaults(() => pruneReleases(host, setup, posix.basename(folder)))
  return { report: { ...report, state: 'published' }, server: record }
}

/** The link is relative, so that the folder can be moved. */
async function switchTo({ host, setup }: Publication, folder: string): Promise<void> {
  await host.replaceLink(setup.current, posix.join('releases', posix.basename(folder)))
}

/** @throws `StepFailed` if the server is not as before */
async function rollBack(
  publication: Publication,
  { steps, report, former }: Use,
  { before, reloaded }: { before: Observed[]; reloaded: boolean },
): Promise<void> {
  const { host, setup } = publication
  report.state = 'failed'
  await steps.make('rollback', 'The link leads to the former release again.', async () => {
    await switchTo(publication, former)
    // A server that is down has nothing to read again.
    if (reloaded && before.some(({ chain, http }) => chain.length > 0 || http !== null))
      await reloadServer(host, setup)
  })
  await steps.make('rollback-proof', 'It answers as before, seen from outside.', () =>
    provenAsBefore(publication, before),
  )
  report.state = 'rolled-back'
}

function outsideOf({ host, setup }: Publication): Outside {
  return { address: host.address, setup }
}

/** @throws `HostFault` */
async function prove(publication: Publication, certificates: Certificates): Promise<void> {
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

/** Removes what a failed publication made. */
async function removeUnused({ host, setup }: Publication, release: string): Promise<void> {
  await ignoringFaults(async () => {
    await host.remove(posix.join(setup.releases, release))
    for (const key of await host.list(setup.keys))
      if (key.endsWith(`-${release}.key`)) await host.remove(posix.join(setup.keys, key))
  })
}

/** The server may be away by now; the next publication cleans up too. */
async function ignoringFaults(act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof HostFault)) throw error
  }
}
