import { isAbsolute, relative, resolve } from 'node:path'
import {
  type ProjectDomain,
  type ProjectService,
  projectFileSchema,
} from '../../contract/develop/project-file.ts'
import { type ConfigurationFile, configurationFileSchema } from '../../contract/domains/configuration.ts'
import type { Origin } from '../../contract/domains/origins.ts'
import { EdgekeepError, type ErrorData } from '../../contract/errors/registry.ts'
import { outsideScope } from '../../domain/issuing-scope.ts'
import { parseOrigin } from '../../domain/origin-url.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { realPath } from '../../platform/files/real-path.ts'
import { readConfigurationText, validated } from '../configuration/configuration.ts'
import { nextSuffixes } from '../certificates/authority-scope.ts'
import type { DevelopNeeds } from './needs.ts'

const projectFileName = 'edgekeep.yaml'

export interface ProjectFile {
  project: string
  domains: Map<string, ProjectDomain>
  services: Map<string, ProjectService>
}

/**
 * Reads `edgekeep.yaml`, which may be a stranger's: names that the local authority may issue for alone, and
 * folders of the project alone.
 * @throws `configuration.malformed`, `project.refused`, `authority.name_outside`, `domain.invalid`
 */
export function readProjectFile(parts: DevelopNeeds, text: string): ProjectFile {
  const file = inProjectFile(() => validated(projectFileSchema, readConfigurationText(text), text))
  const nameOf = ownNames(parts)
  const domains = new Map(Object.entries(file.domains).map(([written, domain]) => [nameOf(written), domain]))
  const services = new Map(
    Object.entries(file.services).map(([service, { domain, ...rest }]) => [
      service,
      { ...rest, ...(domain === undefined ? {} : { domain: exactName(nameOf(domain)) }) },
    ]),
  )
  return { project: file.project, domains, services }
}

/** A service is one server, at one address. */
function exactName(name: string): string {
  if (name.startsWith('*')) throw refused('a wildcard for a service')
  return name
}

/** Reads the names of one file, each of which the local authority may issue for and stands there once. */
function ownNames({ vault }: DevelopNeeds): (written: string) => string {
  const suffixes = nextSuffixes({ vault })
  const seen = new Set<string>()
  return (written) => {
    const name = normaliseDomain(written)
    const outside = outsideScope([name], suffixes)
    if (outside) throw outside
    if (seen.has(name)) throw refused(`the domain ${name} twice`)
    seen.add(name)
    return name
  }
}

/** Names the file in the place of what is malformed. */
function inProjectFile<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof EdgekeepError) || error.code !== 'configuration.malformed') throw error
    const { place, reason } = error.data as ErrorData<'configuration.malformed'>
    const named = { place: { ...place, file: projectFileName }, reason }
    throw new EdgekeepError('configuration.malformed', named, { cause: error })
  }
}

/**
 * The file as a configuration to import: HTTPS with the certificate that a domain has by now, and off for
 * those without one.
 */
export function asConfiguration(
  { vault }: DevelopNeeds,
  folder: string,
  { domains }: ProjectFile,
): ConfigurationFile {
  const entries = [...domains].map(([name, domain]) => {
    const current = vault.domains.get(name)
    const id = current?.certificateId
    const row = domain.https && id ? vault.certificates.get(id) : undefined
    return [
      name,
      {
        origin: originOf(folder, domain.origin, domain.hostHeader),
        https: row ? 'on' : 'off',
        certificate: row ? { name: row.name, sha256: row.fingerprintSha256 } : null,
        redirect: { mode: row ? domain.redirect : 'none', code: 301 },
        // A person's own, and not the team's.
        tags: current?.tags ?? [],
        policies: { ...domain.policies, origins: { routes: routesOf(folder, domain) } },
      },
    ] as const
  })
  return validated(configurationFileSchema, { edgekeep: 1, domains: Object.fromEntries(entries) })
}

function routesOf(folder: string, { routes }: ProjectDomain) {
  return routes.map(({ path, origin, stripPath }) => ({
    path,
    origin: originOf(folder, origin, null),
    stripPath,
  }))
}

function originOf(folder: string, written: ProjectDomain['origin'], hostHeader: string | null): Origin {
  const origin = typeof written === 'object' ? written : originFrom(folder, String(written))
  if (origin.protocol === 'folder')
    return { ...origin, folder: ownFolder(folder, origin.folder), boundary: realPath(folder) }
  return hostHeader === null ? origin : { ...origin, hostHeader }
}

function originFrom(folder: string, written: string): Origin {
  const isPath = /^\.{1,2}(?:\/|$)/.test(written)
  return isPath
    ? { protocol: 'folder', folder: resolve(folder, written), dotFiles: false }
    : parseOrigin(written)
}

/** A folder below the project's own, also behind its links: a link of a repository may lead anywhere. */
export function ownFolder(project: string, folder: string): string {
  const inside = relative(realPath(project), realPath(resolve(project, folder)))
  if (inside === '..' || /^\.\.[\\/]/.test(inside) || isAbsolute(inside))
    throw refused('files outside the project’s folder')
  return resolve(project, folder)
}

function refused(reason: string): EdgekeepError {
  return new EdgekeepError('project.refused', { reason })
}
