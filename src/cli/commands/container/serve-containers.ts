import { z } from 'zod'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Home } from '../../../engine-process/home.ts'
import { serveRun, type ServedRun } from '../develop/serve-run.ts'
import { type Container, containersWithLabel, knownContainer } from '../../../containers/reader/containers.ts'
import type { Docker } from '../../../containers/docker.ts'
import { labelOrigin, nameLabel } from './label-origins.ts'

/** Siblings of each other, as the services of one project. */
const project = 'containers'
const mostContainers = 200

export interface ContainerEvent {
  type: 'served' | 'ended' | 'refused'
  container: string
  address?: string
  problem?: string
}

interface Served {
  docker: Docker
  home: Home
  /** Resolves when it has to end. */
  end: Promise<EdgekeepError | null>
  report: (event: ContainerEvent) => void
}

const eventSchema = z.object({
  Action: z.enum(['start', 'die']),
  Actor: z.object({ ID: z.string().regex(/^[0-9a-f]{12,64}$/) }),
})

/**
 * Serves labelled containers for as long as they run, at the network address that each start gives them.
 * @throws the error with which the engine or Docker has gone
 */
export async function serveContainers({ docker, home, end, report }: Served): Promise<void> {
  const served = new Map<string, { name: string; run: ServedRun }>()
  const over = new AbortController()
  const ended = end.then((error) => {
    over.abort()
    return error
  })

  async function begin(container: Container): Promise<void> {
    if (served.has(container.id) || served.size >= mostContainers) return
    const { name, origin, problem } = labelOrigin(container)
    const refuse = (reason: string) => report({ type: 'refused', container: container.name, problem: reason })
    if (problem !== undefined) return refuse(problem)
    try {
      const service = container.name.slice(0, 100) || container.id
      const place = { project, fileFolder: null, branch: null, service, names: [name] }
      const run = await serveRun(home, { ...place, origin, listens: true }, ({ address }) =>
        report({ type: 'served', container: container.name, address }),
      )
      served.set(container.id, { name: container.name, run })
      report({ type: 'served', container: container.name, address: run.run.address })
    } catch (error) {
      if (!(error instanceof EdgekeepError)) throw error
      refuse(error.message)
    }
  }

  async function finish(id: string): Promise<void> {
    const one = served.get(id)
    served.delete(id)
    await one?.run.end()
    if (one) report({ type: 'ended', container: one.name })
  }

  try {
    // Podman finds nothing by a label without its value.
    const filters = JSON.stringify({ type: ['container'], event: ['start', 'die'] })
    const events = docker.follow(['events'], [['filters', filters]], over.signal)
    const nextEvent = () => {
      const event = events.next()
      // Another failure may end the command before this one is awaited.
      event.catch(() => undefined)
      return event
    }
    // Requested before the list, so that no start is between them.
    let next = nextEvent()
    for (const container of await containersWithLabel(docker, nameLabel)) await begin(container)
    for (;;) {
      const result = await Promise.race([next, ended])
      if (result === null || result instanceof EdgekeepError) {
        if (result) throw result
        return
      }
      if (result.done) throw new EdgekeepError('container.no_engine', {})
      next = nextEvent()
      const { data } = eventSchema.safeParse(result.value)
      if (data?.Action === 'die') await finish(data.Actor.ID)
      else if (data) {
        await finish(data.Actor.ID)
        const found = await knownContainer(docker, data.Actor.ID).catch(() => null)
        if (found?.isRunning && found.labels.has(nameLabel)) await begin(found)
      }
    }
  } finally {
    over.abort()
    for (const id of served.keys()) await finish(id)
  }
}
