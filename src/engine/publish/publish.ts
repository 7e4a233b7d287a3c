import { setTimeout as delay } from 'node:timers/promises'
import { engineEndMs } from '../../contract/engine/engine-exit.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { PublishInput, ServerReport, Target } from '../../contract/targets/targets.ts'
import type { ServableMaterial } from '../../pki/intake/intake.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { uploadToServe } from '../certificates/certificate-to-serve.ts'
import { domainRow } from '../domains/domains.ts'
import { requireServable, serveOnAll } from '../https/https.ts'
import type { Staging } from '../inspect/staging.ts'
import { whileAnswering } from './answers.ts'
import { requireAnswerable } from './certificate-source.ts'
import { publishToFleet } from './fleet.ts'
import { hasKeys, kindOf } from './kinds/kinds.ts'
import { type PublishNeeds, turnsOf } from './needs.ts'
import type { PublishedUpload } from './publication.ts'
import { configurationDigest } from './release.ts'
import { record } from './record.ts'
import { setupOf } from './site/server-setup.ts'
import { type Site, siteOf } from './site/site.ts'
import type { Watch } from './steps.ts'
import { requireTarget } from './stored-targets.ts'
import { takeBack } from './take-back.ts'

/** A server reads the certificates of all sites at a reload: a thousand took half a minute on a busy machine. */
const proofMsFor = (sites: readonly Site[]) => 20_000 + 100 * sites.length

interface Wanted {
  target: string
  domains: string[]
  withdraw: string[]
  dryRun: boolean
}

/**
 * Publishes what a target serves already and `domains`, without `withdraw`; one publication at a time. The staging of
 * an upload stays for another attempt.
 * @throws `target.not_found`, `domain.not_found`, `publish.untranslatable`, `publish.unwritable`, and for an upload
 *   `name.not_covered` and `certificate.worse`
 */
export function publish(
  { parts, staging }: PublishCall,
  { upload, ...wanted }: Wanted & Pick<PublishInput, 'upload'>,
  report: Watch['report'],
): Promise<ServerReport[]> {
  if (!upload) return publishInTurn(parts, wanted, { report })
  const { stagingId, keep = false } = upload
  return staging.borrow(stagingId, (material) =>
    publishInTurn(parts, wanted, { report, upload: { material, keep } }),
  )
}

export interface PublishCall {
  parts: PublishNeeds
  staging: Staging
}

/**
 * Publishes again what a target serves, for its certificates; the configuration stays as it was published.
 * @throws `publish.changed` if the domains differ from what was published, and as `publish`
 */
export function renewTarget(parts: PublishNeeds, target: string): Promise<ServerReport[]> {
  const wanted = { target, domains: [], withdraw: [], dryRun: false }
  return publishInTurn(parts, wanted, { report: () => undefined, isRenewal: true })
}

interface Options {
  report: Watch['report']
  isRenewal?: boolean
  upload?: Upload
}

async function publishInTurn(
  parts: PublishNeeds,
  wanted: Wanted,
  { report, ...options }: Options,
): Promise<ServerReport[]> {
  const cancellation = new AbortController()
  const watch = { signal: cancellation.signal, report }
  const turns = turnsOf(requireTarget(parts, wanted.target))
  const done = parts.publishing(turns, () => publishNow(parts, wanted, { watch, ...options }))
  parts.publications.set(cancellation, { target: wanted.target, done })
  try {
    return await done
  } finally {
    parts.publications.delete(cancellation)
  }
}

export function cancelPublications({ publications }: PublishNeeds, target: string): { cancelled: boolean } {
  const found = [...publications].filter(([, running]) => running.target === target)
  for (const [cancellation] of found) cancellation.abort()
  return { cancelled: found.length > 0 }
}

/**
 * Cancels all publications and waits for their rollbacks within the time that an ending engine has. A server whose
 * rollback is not proven by then stays noted, and the next start takes it back.
 */
export async function endPublications({ publications, log }: PublishNeeds): Promise<void> {
  for (const cancellation of publications.keys()) cancellation.abort()
  const ended = Promise.allSettled([...publications.values()].map(({ done }) => done))
  await Promise.race([ended, delay(engineEndMs.rollback, undefined, { ref: false })])
  const left = [...publications.values()].map(({ target }) => target)
  if (left.length > 0) log.warn({ targets: left }, 'Rollbacks unfinished, left to the next start')
}

async function publishNow(
  parts: PublishNeeds,
  { target: name, domains, withdraw, dryRun }: Wanted,
  { watch, isRenewal = false, upload }: Omit<Options, 'report'> & { watch: Watch },
): Promise<ServerReport[]> {
  parts.vault.requireUnlocked()
  const target = requireTarget(parts, name)
  const setup = setupOf(target)
  const sites = sitesFor(parts, target, { domains, withdraw })
  const uploaded = upload && plannedUpload(parts, upload, domains)
  for (const { name: domain } of sites)
    if (!uploaded?.domains.has(domain)) requireAnswerable(parts, domain, setup)
  // Refuses a value that cannot be written before any server is touched.
  const configuration = configurationDigest(sites, setup)
  if (isRenewal && configuration !== target.configuration)
    throw new EdgekeepError('publish.changed', { name })
  if (upload && !hasKeys(setup))
    throw new EdgekeepError('publish.untranslatable', {
      domain: domains.join(', '),
      reasons: ['its key is made in the cluster, and an uploaded one does not go there'],
    })
  const interrupted = target.servers.some(({ switchedAt }) => switchedAt !== null)
  if (interrupted && !dryRun) await takeBack(parts, name)
  const { servers } = requireTarget(parts, name)
  const publication = {
    ...{ parts, target: name, setup, sites, dryRun, watch },
    ...{ proofMs: proofMsFor(sites), upload: uploaded },
  }
  const outcomes = await whileAnswering(publication, servers, (each) => publishToFleet(publication, each))
  if (!dryRun)
    await record(parts, name, { domains: sites.map((site) => site.name), outcomes, configuration, isRenewal })
  return outcomes.map(({ report }) => report)
}

interface Upload {
  material: ServableMaterial
  keep: boolean
}

/**
 * Plans an upload for all its domains before any is touched.
 * @throws `name.not_covered`, `certificate.worse`
 */
function plannedUpload(
  parts: PublishNeeds,
  { material, keep }: Upload,
  domains: readonly string[],
): PublishedUpload {
  const names = domains.map((domain) => domainRow(parts, domain).name)
  const chosen = () => uploadToServe(parts, material, { keep })
  requireServable(parts, names, chosen())
  let stored: Promise<void> | null = null
  const store = () => (stored ??= serveOnAll(parts, names, chosen()))
  return { material, domains: new Set(names), store }
}

/** Sites in the order of their names. */
export function sitesFor(
  parts: PublishNeeds,
  target: Target,
  { domains, withdraw }: Pick<Wanted, 'domains' | 'withdraw'>,
): Site[] {
  const kind = kindOf(target)
  const added = domains.map((domain) => domainRow(parts, domain).name)
  const withdrawn = new Set(withdraw.map(normaliseDomain))
  const names = [...new Set([...target.domains, ...added])].filter((name) => !withdrawn.has(name)).toSorted()
  return names.map((domain) => {
    const site = siteOf(domainRow(parts, domain))
    const refusal = kind.refusal?.(site) ?? null
    if (refusal !== null) throw new EdgekeepError('publish.untranslatable', { domain, reasons: [refusal] })
    return site
  })
}
