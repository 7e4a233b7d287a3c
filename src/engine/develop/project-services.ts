import { createHash } from 'node:crypto'
import type { ProjectServices } from '../../contract/develop/projects.ts'
import { requireCommandLine } from '../core/command-line-only.ts'
import { commit } from '../core/commit.ts'
import { trustedServices } from '../core/settings.ts'
import type { DevelopNeeds } from './needs.ts'
import { ownFolder, readProjectFile } from './project-configuration.ts'

interface GivenFile {
  folder: string
  text: string
  scripts?: string
}

/**
 * Reads the services of a project file, which may be a stranger's.
 * @throws the errors of `readProjectFile`
 */
export function projectServices(parts: DevelopNeeds, { folder, text, scripts }: GivenFile): ProjectServices {
  const file = readProjectFile(parts, text)
  const services = [...file.services].map(([name, { command, folder: below, domain = null }]) => ({
    name,
    command,
    folder: ownFolder(folder, below),
    domain,
  }))
  const trusted = trustedServices.read(parts.vault).find((entry) => entry.folder === folder)
  const isTrusted = scripts !== undefined && trusted?.sha256 === digestOf(file.project, services, scripts)
  return { name: file.project, services, isTrusted }
}

const mostFolders = 500

/**
 * Trusts the services of a file in its folder, in the place of those that were trusted there before.
 * @throws `project.trust_from_command_line`, and as `projectServices`
 */
export async function trustServices(
  parts: DevelopNeeds,
  given: GivenFile & { scripts: string },
): Promise<void> {
  requireCommandLine(parts, 'project.trust_from_command_line')
  const { folder, scripts } = given
  const { name, services } = projectServices(parts, given)
  const sha256 = digestOf(name, services, scripts)
  const names = services.map((service) => service.name)
  await commit(parts, () => {
    const others = trustedServices.read(parts.vault).filter((entry) => entry.folder !== folder)
    const entry = { folder, sha256, name, services: names }
    trustedServices.store(parts.vault, [...others, entry].slice(-mostFolders))
    const after = { project: name, services: names, sha256 }
    return { record: { action: 'project.trust', subject: folder, before: null, after } }
  })
}

/** Digest of all that decides which programs run where, and under which names. */
function digestOf(project: string, services: ProjectServices['services'], scripts: string): string {
  return createHash('sha256')
    .update(JSON.stringify([project, services, scripts]))
    .digest('hex')
}
