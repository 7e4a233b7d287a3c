import { EdgekeepError } from '../../contract/errors/registry.ts'
import { commit } from '../core/commit.ts'
import { storedProjects, trustedServices } from '../core/settings.ts'
import { removeDomain } from '../domains/domains.ts'
import type { DevelopNeeds } from './needs.ts'
import { listProjects } from './list-projects.ts'

/**
 * Forgets a project: first the consent to its commands, then its domains with the certificates that only they use.
 * @returns the names of the domains
 * @throws `project.not_found`, `project.running`
 */
export async function forgetProject(parts: DevelopNeeds, folder: string): Promise<string[]> {
  const project = listProjects(parts).find((each) => each.folder === folder)
  if (!project) throw new EdgekeepError('project.not_found', { folder })
  if (project.services.some(({ run }) => run !== null)) throw new EdgekeepError('project.running', { folder })
  const { name, domains } = project
  const { vault } = parts
  const isOther = (entry: { folder: string }) => entry.folder !== folder
  await commit(parts, () => {
    trustedServices.store(vault, trustedServices.read(vault).filter(isOther))
    storedProjects.store(vault, storedProjects.read(vault).filter(isOther))
    const before = { project: name, domains }
    return { record: { action: 'project.forget', subject: folder, before, after: null } }
  })
  for (const domain of domains) await removeDomain(parts, domain)
  return domains
}
