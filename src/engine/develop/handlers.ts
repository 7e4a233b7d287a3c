import { implement, proceduresFor } from '../core/procedures.ts'
import type { DevelopNeeds } from './needs.ts'
import { forgetProject } from './forget-project.ts'
import { listProjects } from './list-projects.ts'
import { projectServices, trustServices } from './project-services.ts'
import { applyProject, planProject } from './projects.ts'
import { pointRun, serveRun } from './runs.ts'

const { runs, projects } = proceduresFor<{ parts: DevelopNeeds }>()

export const runsHandlers = implement(runs, {
  serve: serveRun,
  point: pointRun,
  list: (parts) => [...parts.liveRuns.values()],
})

export const projectsHandlers = implement(projects, {
  list: listProjects,
  plan: planProject,
  apply: applyProject,
  services: projectServices,
  trustServices,
  forget: async (parts, input) => ({ domains: await forgetProject(parts, input.folder) }),
})
