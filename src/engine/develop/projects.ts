import { isDeepStrictEqual } from 'node:util'
import type { Project, ProjectPlan } from '../../contract/develop/projects.ts'
import type { Effect } from '../../contract/domains/domains.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { applyFile } from '../configuration/configuration.ts'
import { planOf } from '../configuration/configuration-plan.ts'
import { storedProjects } from '../core/settings.ts'
import { turnOnHttps } from '../https/https.ts'
import type { DevelopNeeds } from './needs.ts'
import { asConfiguration, type ProjectFile, readProjectFile } from './project-configuration.ts'

interface GivenFile {
  folder: string
  text: string
}

/** Plans to serve a project file. @throws the errors of an invalid file */
export function planProject(parts: DevelopNeeds, { folder, text }: GivenFile): ProjectPlan {
  return planOfFile(parts, folder, readProjectFile(parts, text))
}

function planOfFile(parts: DevelopNeeds, folder: string, file: ProjectFile): ProjectPlan {
  const { plan: planned } = planOf(parts, asConfiguration(parts, folder, file))
  const domains = [...file.domains.keys()]
  const before = storedProjects.read(parts.vault).find((project) => project.folder === folder)
  const certificates = [...file.domains].flatMap(([domain, { https, redirect }]) =>
    https && !parts.vault.domains.get(domain)?.certificateId ? [{ domain, redirect }] : [],
  )
  const taken = domains.flatMap((domain) => takenFrom(parts, folder, domain))
  const { untouched: _, ...plan } = planned
  const changes = [plan.differences, certificates, taken].some((list) => list.length > 0)
  const isListed = before?.name === file.project && isDeepStrictEqual(before.domains, domains)
  return {
    ...plan,
    name: file.project,
    domains,
    certificates,
    taken,
    dropped: (before?.domains ?? []).filter((domain) => !domains.includes(domain)),
    services: [...file.services.keys()],
    isServed: (isListed || (!before && domains.length === 0)) && !changes,
  }
}

/** Owner of a domain that the project would take over: another project, or a person or a run (null). */
function takenFrom({ vault }: DevelopNeeds, folder: string, domain: string): ProjectPlan['taken'] {
  if (vault.domains.get(domain) === undefined) return []
  const owner = storedProjects.read(vault).find(({ domains }) => domains.includes(domain))
  return owner?.folder === folder ? [] : [{ domain, from: owner?.folder ?? null }]
}

/**
 * Serves a project file: origins, redirects and policies in one change with their owner, then certificates
 * for those domains that lack one.
 * @throws `configuration.outdated`, `project.name_taken`, and as `applyFile`
 */
export async function applyProject(
  parts: DevelopNeeds,
  given: GivenFile & { version: number; take: boolean; acceptWorse: boolean },
): Promise<{ plan: ProjectPlan; effect: Effect | null }> {
  const { folder, text, version, take, acceptWorse } = given
  const file = readProjectFile(parts, text)
  const running = [...file.domains.keys()].find((name) => parts.liveRuns.has(name))
  if (running !== undefined) throw new EdgekeepError('run.name_taken', { name: running, isRun: true })
  const plan = planOfFile(parts, folder, file)
  if (plan.taken.length > 0 && !take)
    throw new EdgekeepError('project.name_taken', { domains: plan.taken.map(({ domain }) => domain) })
  const also = () => storeProject(parts, { folder, name: file.project, domains: plan.domains })
  let { effect } = await applyFile(parts, asConfiguration(parts, folder, file), {
    version,
    acceptWorse,
    also,
  })
  for (const { domain } of plan.certificates) await turnOnHttps(parts, domain)
  // Only a domain with a certificate has redirects.
  if (plan.certificates.length > 0) {
    const next = { version: parts.vault.configurationVersion(), acceptWorse }
    ;({ effect } = await applyFile(parts, asConfiguration(parts, folder, file), next))
  }
  return { plan, effect }
}

/** Domains that it takes leave their former project, and one without domains is gone. */
function storeProject({ vault }: DevelopNeeds, project: Project): void {
  const others = storedProjects
    .read(vault)
    .filter(({ folder }) => folder !== project.folder)
    .map((other) => ({ ...other, domains: other.domains.filter((name) => !project.domains.includes(name)) }))
  storedProjects.store(
    vault,
    [...others, project].filter(({ domains }) => domains.length > 0),
  )
}
