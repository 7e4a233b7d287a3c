import { EdgekeepError } from '../../contract/errors/registry.ts'
import {
  publishedStates,
  type PublishInput,
  type ServerReport,
  type Target,
} from '../../contract/targets/targets.ts'
import type { ServableMaterial } from '../../pki/intake/intake.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { uploadToServe } from '../certificates/certificate-to-serve.ts'
import { commit } from '../core/commit.ts'
import { domainRow } from '../domains/domains.ts'
import { requireCover, serveChosen } from '../https/https.ts'
import type { Staging } from '../inspect/staging.ts'
import { whileAnswering } from './answers.ts'
import { requireAnswerable } from './certificate-source.ts'
import { publishToFleet } from './fleet.ts'
import { hasKeys, kindOf } from './kinds/kinds.ts'
import type { PublishNeeds } from './needs.ts'
import type { Outcome, PublishedUpload } from './publication.ts'
import { configurationDigest } from './release.ts'
import { renewalAfter } from './renewal-state.ts'
import { setupOf } from './site/server-setup.ts'
import { type Site, siteOf } from './site/site.ts'
import type { Watch } from './steps.ts'
import { changeTarget, requireTarget } from './targets.ts'

const mostHistory = 20
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
  parts.publications.set(cancellation, wanted.target)
  try {
    const watch = { signal: cancellation.signal, report }
    return await parts.publishing(() => publishNow(parts, wanted, { watch, ...options }))
  } finally {
    parts.publications.delete(cancellation)
  }
}

/** Cancels publications to a target that run or wait. */
export function cancelPublications({ publications }: PublishNeeds, target: string): { cancelled: boolean } {
  const found = [...publications].filter(([, name]) => name === target)
  for (const [cancellation] of found) cancellation.abort()
  return { cancelled: found.length > 0 }
}

/** Cancels all publications and waits for the rollbacks, so that no server is left between two releases. */
export async function endPublications({ publications, publishing }: PublishNeeds): Promise<void> {
  for (const cancellation of publications.keys()) cancellation.abort()
  await publishing(async () => undefined)
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
  for (const { name: domain } of sites) requireAnswerable(parts, domain, setup)
  // Refuses a value that cannot be written before any server is touched.
  const configuration = configurationDigest(sites, setup)
  if (isRenewal && configuration !== target.configuration)
    throw new EdgekeepError('publish.changed', { name })
  if (upload && !hasKeys(setup))
    throw new EdgekeepError('publish.untranslatable', {
      domain: domains.join(', '),
      reasons: ['its key is made in the cluster, and an uploaded one does not go there'],
    })
  const uploaded = upload && (await takeUpload(parts, upload, { domains, dryRun }))
  const publication = { parts, setup, sites, dryRun, watch, proofMs: proofMsFor(sites), upload: uploaded }
  const outcomes = await whileAnswering(publication, target.servers, (servers) =>
    publishToFleet(publication, servers),
  )
  if (!dryRun) await record(parts, name, { sites, outcomes, configuration, isRenewal })
  return outcomes.map(({ report }) => report)
}

interface Upload {
  material: ServableMaterial
  keep: boolean
}

/** Puts an upload into the vault and in use at the edge, where what that would erase is kept; a dry run stores nothing. */
async function takeUpload(
  parts: PublishNeeds,
  { material, keep }: Upload,
  { domains, dryRun }: Pick<Wanted, 'domains' | 'dryRun'>,
): Promise<PublishedUpload> {
  const names = domains.map((domain) => domainRow(parts, domain).name)
  for (const name of names) requireCover(material.leaf.names, name)
  for (const name of dryRun ? [] : names) {
    const domain = domainRow(parts, name)
    const chosen = uploadToServe(parts, material, { keep })
    if ('row' in chosen && chosen.row.id === domain.certificateId) continue
    await serveChosen(parts, domain, chosen, { keepOld: true, acceptWorse: false })
  }
  return { material, domains: new Set(names) }
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

interface Published {
  sites: Site[]
  outcomes: Outcome[]
  configuration: string
  isRenewal: boolean
}

async function record(
  parts: PublishNeeds,
  name: string,
  { sites, outcomes, configuration, isRenewal }: Published,
): Promise<void> {
  const domains = sites.map((site) => site.name)
  const reports = outcomes.map(({ report }) => report)
  const servers = reports.map(({ diff: _, renewed: __, ...past }) => past)
  const isPublished = servers.some(({ state }) => publishedStates.has(state))
  await commit(parts, () => {
    const entry = { at: parts.clock().toISOString(), domains, servers }
    changeTarget(parts, name, (target) => ({
      ...(isPublished && { domains, configuration }),
      servers: outcomes.map(({ server }) => server),
      renewal: target.renewal && renewalAfter(parts, target.renewal, { domains, outcomes }),
      history: historyWith(entry, target.history, isRenewal),
    }))
    const states = servers.map(({ server, state }) => ({ server, state }))
    const after = { domains, servers: states }
    return { record: { action: 'target.publish', subject: name, before: null, after } }
  })
}

/** A repeated renewal takes the place of the one before. */
function historyWith(entry: Entry, history: Entry[], isRenewal: boolean): Entry[] {
  const [last, ...earlier] = history
  const statesOf = ({ servers }: Entry) => servers.map(({ state }) => state).join()
  const isRepeated = isRenewal && last !== undefined && statesOf(last) === statesOf(entry)
  return [entry, ...(isRepeated ? earlier : history)].slice(0, mostHistory)
}

type Entry = Target['history'][number]
