import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { ServerReport, Target } from '../../contract/targets/targets.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { commit } from '../core/commit.ts'
import { storedTargets } from '../core/settings.ts'
import { domainRow } from '../domains/domains.ts'
import { publishToFleet } from './fleet.ts'
import { kindOf } from './kinds/kinds.ts'
import type { PublishNeeds } from './needs.ts'
import type { Outcome } from './publication.ts'
import { configurationOf } from './release.ts'
import { setupOf } from './site/server-setup.ts'
import { type Site, siteOf } from './site/site.ts'
import type { Watch } from './steps.ts'
import { listTargets, requireTarget } from './targets.ts'

const mostHistory = 20
const proofMs = 20_000

export interface Wanted {
  target: string
  domains: string[]
  withdraw: string[]
  dryRun: boolean
}

/**
 * Publishes what a target serves already and `domains`, without `withdraw`; one publication at a time.
 * @throws `target.not_found`, `domain.not_found`, `publish.untranslatable`, `publish.unwritable`
 */
export async function publish(
  parts: PublishNeeds,
  wanted: Wanted,
  report: Watch['report'] = () => undefined,
): Promise<ServerReport[]> {
  const cancellation = new AbortController()
  parts.publications.set(cancellation, wanted.target)
  try {
    const watch = { signal: cancellation.signal, report }
    return await parts.publishing(() => publishNow(parts, wanted, watch))
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

async function publishNow(
  parts: PublishNeeds,
  { target: name, domains, withdraw, dryRun }: Wanted,
  watch: Watch,
) {
  parts.vault.requireUnlocked()
  const target = requireTarget(parts, name)
  const setup = setupOf(target)
  const sites = sitesFor(parts, target, { domains, withdraw })
  // Refuses a value that cannot be written before any server is touched.
  configurationOf(sites, setup)
  const outcomes = await publishToFleet({ parts, setup, sites, dryRun, watch, proofMs }, target.servers)
  if (!dryRun) await record(parts, target, { sites, outcomes })
  return outcomes.map(({ report }) => report)
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

async function record(
  parts: PublishNeeds,
  { name }: Target,
  { sites, outcomes }: { sites: Site[]; outcomes: Outcome[] },
): Promise<void> {
  const domains = sites.map((site) => site.name)
  const reports = outcomes.map(({ report: { diff: _, ...report } }) => report)
  const isPublished = reports.some(({ state }) => state === 'published' || state === 'unchanged')
  await commit(parts, () => {
    const entry = { at: parts.clock().toISOString(), domains, servers: reports }
    const after = listTargets(parts).map((target) =>
      target.name === name
        ? {
            ...target,
            domains: isPublished ? domains : target.domains,
            servers: outcomes.map(({ server }) => server),
            history: [entry, ...target.history].slice(0, mostHistory),
          }
        : target,
    )
    storedTargets.store(parts.vault, after)
    const servers = reports.map(({ server, state }) => ({ server, state }))
    return { record: { action: 'target.publish', subject: name, before: null, after: { domains, servers } } }
  })
}
