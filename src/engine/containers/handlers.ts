import { proceduresFor, withParts } from '../core/procedures.ts'
import { listContainers, serveContainer } from './containers.ts'
import type { ContainerNeeds } from './needs.ts'

const { containers } = proceduresFor<{ parts: ContainerNeeds }>()

export const containersHandlers = {
  list: containers.list.handler(({ context }) => listContainers(context.parts)),
  serve: containers.serve.handler(withParts(serveContainer)),
}
