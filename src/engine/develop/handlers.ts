import { proceduresFor, withParts } from '../core/procedures.ts'
import type { DevelopNeeds } from './needs.ts'
import { forgetProject } from './forget-project.ts'
import { listProjects } from './list-projects.ts'
import { projectServices, trustServices } from './project-services.ts'
import { applyProject, planProject } from './projects.ts'
import { pointRun, serveRun } from './runs.ts'

const { runs, projects } = proceduresFor<{ parts: DevelopNeeds }>()

export const runsHandlers = {
  serve: runs.serve.handler(async function* ({ context, input, signal }) {
    yield* serveRun(context.parts, input, signal)
  }),
  point: runs.point.handler(async ({ context, input }) => {
    await pointRun(context.parts, input)
    return {}
  }),
  list: runs.list.handler(({ context }) => [...context.parts.liveRuns.values()]),
}

export const projectsHandlers = {
  list: projects.list.handler(({ context }) => listProjects(context.parts)),
  plan: projects.plan.handler(withParts(planProject)),
  apply: projects.apply.handler(withParts(applyProject)),
  services: projects.services.handler(withParts(projectServices)),
  trustServices: projects.trustServices.handler(async ({ context, input }) => {
    await trustServices(context.parts, input)
    return {}
  }),
  forget: projects.forget.handler(async ({ context, input }) => ({
    domains: await forgetProject(context.parts, input.folder),
  })),
}
