import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { ServerReport, TargetServer } from '../../contract/targets/targets.ts'
import { formatNumber } from '../../contract/text/count.ts'
import { HostFault, HostGone } from './hosts/host.ts'
import { hasKeys, kindOf } from './kinds/kinds.ts'
import { lineDiff } from './line-diff.ts'
import { observeAll } from './observe.ts'
import { requireOwnFolder } from './own-folder.ts'
import { type Certificates, ignoringFaults, type Outcome, type Publication } from './publication.ts'
import { outsideOf, proofSentence, prove, putInUse } from './put-in-use.ts'
import {
  configurationOf,
  digestOf,
  emptyRelease,
  readRelease,
  type Release,
  releaseOf,
  removeRelease,
  writeRelease,
} from './release.ts'
import { readsFolder, testConfiguration } from './server-program.ts'
import { currentPath } from './site/release-paths.ts'
import type { ServerSetup } from './site/server-setup.ts'
import type { Site } from './site/site.ts'
import { newCertificates, requireFiles } from './new-certificates.ts'
import {
  certificatesByDomain,
  hasCertificate,
  presentCertificates,
  publishedFacts,
} from './site-certificates.ts'
import { createSteps, type Progress, StepFailed, type Steps } from './steps.ts'
import { writeManifests } from './write-manifests.ts'

/**
 * Publishes to one server, or leaves it as it was. The switch is a rename of a link that the server reads at a
 * reload alone, after its own test; what fails after the switch is rolled back, and that is proven too.
 */
export async function publishToServer(publication: Publication): Promise<Outcome> {
  const { server, host } = publication
  const steps = createSteps(host.name, publication.watch)
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
    if (report.state === 'refused') report.state = stateAfter(error.cause)
    return { report, server, undo: null }
  }
}

/** State by the cause of a failure before the switch. */
function stateAfter(cause: unknown): ServerReport['state'] {
  if (cause instanceof HostGone) return 'away'
  return cause instanceof EdgekeepError && cause.code === 'acme.rate_limited' ? 'waiting' : 'refused'
}

async function published(wanted: Publication, steps: Steps, report: ServerReport): Promise<Outcome> {
  const { inUse, there, present, diff } = await steps.make(
    'preflight',
    'The server reads Edgekeep’s folder.',
    (progress) => preflight(wanted, progress),
  )
  const publication = { ...wanted, sites: sitesOf(wanted, present) }
  const { host, setup, sites, server, dryRun } = publication
  const missing = sites.filter(({ name, isPlain }) => hasKeys(setup) && !present.has(name) && !isPlain)
  report.renewed = missing.map(({ name }) => name)
  report.diff = diff
  const former = formerFolder(setup, server)
  if (dryRun) return { report: { ...report, state: 'planned' }, server, undo: null }
  const name = releaseName(publication.parts.clock())
  const folder = posix.join(setup.releases, name)
  try {
    if (!hasKeys(setup)) return await writeManifests(publication, name, { steps, report, inUse })
    const made = await steps.make(
      'certificates',
      certificatesSentence(publication, report),
      async (progress) => {
        await publication.upload?.store()
        return await newCertificates(publication, missing, { release: name, there, progress })
      },
    )
    const certificates = new Map([...present, ...made])
    const release = releaseOf(sites, certificates, setup)
    const digest = digestOf(release)
    if (inUse && digest === server.digest && digest === digestOf(inUse))
      return await unchanged(publication, certificates, { steps, report })
    await steps.make('write', 'The release is written.', (progress) =>
      writeRelease(host, folder, release, progress),
    )
    const before = await steps.make('observe', 'The present answers are noted for a rollback.', (progress) =>
      observeAll(outsideOf(publication), sites, progress),
    )
    const known = certificatesByDomain(server)
    const record = {
      ...server,
      switchedAt: null,
      release: name,
      digest,
      certificates: [...certificates].map(([name, each]) => publishedFacts(name, each, known.get(name))),
    }
    return await putInUse(publication, { steps, report, former, folder, certificates, record, before })
  } catch (error) {
    if (report.state !== 'failed') await ignoringFaults(() => removeRelease(host, setup, name))
    throw error
  }
}

interface Present {
  /** Release that the server reads, if it is the recorded one. */
  inUse: Release | null
  /** Certificates of the recorded release. */
  there: Certificates
  /** Those that stay in use. */
  present: Certificates
  diff: string
}

async function preflight(publication: Publication, progress: Progress): Promise<Present> {
  const { host, setup, sites, server } = publication
  await requireOwnFolder(host, setup)
  await testConfiguration(host, setup)
  if (!(await readsFolder(host, setup))) {
    const { line, place } = kindOf(setup).include(setup)
    throw new HostFault(`The server does not read Edgekeep’s folder yet. Add ${place}: ${line}`)
  }
  const before = await host.read(currentPath(setup, kindOf(setup).file))
  const diff = lineDiff(before?.toString('utf8') ?? '', configurationOf(sites, setup))
  const recorded =
    server.release === null
      ? null
      : await readRelease(host, posix.join(setup.releases, server.release), progress)
  const there: Certificates = recorded ? await presentCertificates(publication, recorded) : new Map()
  const staying = stayingOf(publication, there)
  if (hasKeys(setup)) requireFiles(publication, staying)
  const to = await host.linkTarget(setup.current)
  return {
    inUse: to !== null && posix.basename(to) === server.release ? recorded : null,
    there,
    present: publication.answers ? there : staying,
    diff,
  }
}

function stayingOf(publication: Publication, there: Certificates): Certificates {
  const published = certificatesByDomain(publication.server)
  return new Map([...there].filter(([name]) => hasCertificate(publication, published.get(name))))
}

/** Before an order, a site without any certificate is served over HTTP alone. */
function sitesOf({ sites, answers }: Publication, present: Certificates): Site[] {
  if (!answers) return sites
  return sites.map((site) => ({
    ...site,
    isPlain: !present.has(site.name),
    answersFor: answers.get(site.name) ?? null,
  }))
}

function certificatesSentence({ upload }: Publication, { renewed }: ServerReport): string {
  if (renewed.length === 0) return 'All certificates stay.'
  if (upload) return 'The uploaded certificate and key are at the server; other keys were made there.'
  return `${renewed.length === 1 ? 'A key was' : `${formatNumber(renewed.length)} keys were`} made at the server, and only certificates went there.`
}

/** `20261129T102030-1f2e3d`: in the order of time. */
function releaseName(at: Date): string {
  return `${at.toISOString().replaceAll(/[-:]|\.\d+Z/g, '')}-${randomBytes(3).toString('hex')}`
}

/** Release to go back to: the recorded one, or an empty one. */
function formerFolder({ releases }: ServerSetup, { release }: TargetServer): string {
  return posix.join(releases, release ?? emptyRelease)
}

async function unchanged(
  publication: Publication,
  certificates: Certificates,
  { steps, report }: { steps: Steps; report: ServerReport },
): Promise<Outcome> {
  await steps.make('proof', proofSentence('It is served as meant.'), (progress) =>
    prove(publication, certificates, progress),
  )
  return { report: { ...report, state: 'unchanged' }, server: publication.server, undo: null }
}
