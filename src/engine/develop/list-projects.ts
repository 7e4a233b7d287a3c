import type { ListedProject } from '../../contract/develop/projects.ts'
import type { Run } from '../../contract/develop/runs.ts'
import { compareText } from '../../domain/compare.ts'
import { storedProjects, trustedServices } from '../core/settings.ts'
import type { DevelopNeeds } from './needs.ts'

/** Lists projects by name, without a look into their folders. */
export function listProjects({ vault, liveRuns }: DevelopNeeds): ListedProject[] {
  const served = new Map(storedProjects.read(vault).map((project) => [project.folder, project]))
  const trusted = new Map(trustedServices.read(vault).map((entry) => [entry.folder, entry]))
  const running = Map.groupBy(liveRuns.values(), ({ fileFolder, project }) => fileFolder ?? project)
  const folders = new Set([...served.keys(), ...trusted.keys(), ...running.keys()])
  return [...folders]
    .map((folder) => {
      const runs = (running.get(folder) ?? []).toSorted((a, b) => b.since.localeCompare(a.since))
      const name = served.get(folder)?.name ?? trusted.get(folder)?.name
      return {
        folder,
        name: name || lastPart(folder),
        branch: runs[0]?.branch ?? null,
        services: servicesOf(trusted.get(folder)?.services ?? [], runs),
        domains: (served.get(folder)?.domains ?? []).filter((domain) => vault.domains.get(domain)),
      }
    })
    .filter(({ services, domains }) => services.length + domains.length > 0)
    .toSorted((a, b) => compareText(a.name, b.name) || compareText(a.folder, b.folder))
}

/** Services of the file in its order, each with its run, then runs that are not in it. */
function servicesOf(named: readonly string[], runs: readonly Run[]): ListedProject['services'] {
  const idle = named.filter((name) => !runs.some(({ service }) => service === name))
  const all = [
    ...idle.map((name) => ({ name, run: null })),
    ...runs.map((run) => ({ name: run.service, run })),
  ]
  const placeOf = (name: string) => (named.includes(name) ? named.indexOf(name) : named.length)
  return all.toSorted((a, b) => placeOf(a.name) - placeOf(b.name))
}

const lastPart = (folder: string) => folder.split(/[\\/]/).findLast(Boolean) ?? folder
