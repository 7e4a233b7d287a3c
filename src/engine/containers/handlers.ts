import { implement, proceduresFor } from '../core/procedures.ts'
import { listContainers, serveContainer } from './containers.ts'
import type { ContainerNeeds } from './needs.ts'

const { containers } = proceduresFor<{ parts: ContainerNeeds }>()

export const containersHandlers = implement(containers, {
  list: listContainers,
  serve: serveContainer,
})
