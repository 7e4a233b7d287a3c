import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import type { PublishedCertificate, ServerReport, TargetServer } from '../../contract/targets/targets.ts'
import { HostFault } from './hosts/host.ts'
import { kindOf } from './kinds/kinds.ts'
import { lineDiff } from './line-diff.ts'
import { type Certificates, ignoringFaults, type Outcome, type Publication } from './publication.ts'
import { prove, putInUse } from './put-in-use.ts'
import { configurationOf, digestOf, readRelease, releaseOf, writeRelease } from './release.ts'
import { readsFolder, testConfiguration } from './server-program.ts'
import { currentPath } from './site/release-paths.ts'
import type { ServerSetup } from './site/server-setup.ts'
import type { Site } from './site/site.ts'
import { isDue, newCertificate, presentCertificate, publishedFacts } from './site-certificates.ts'
import { createSteps, StepFailed, type Steps } from './steps.ts'

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
    return { report, server, undo: null }
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
  if (dryRun) return { report: { ...report, state: 'planned' }, server, undo: null }
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
      ...server,
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
  return { report: { ...report, state: 'unchanged' }, server: publication.server, undo: null }
}

/** Removes what a failed publication made. */
async function removeUnused({ host, setup }: Publication, release: string): Promise<void> {
  await ignoringFaults(async () => {
    await host.remove(posix.join(setup.releases, release))
    for (const key of await host.list(setup.keys))
      if (key.endsWith(`-${release}.key`)) await host.remove(posix.join(setup.keys, key))
  })
}
