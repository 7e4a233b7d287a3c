import { setTimeout as delay } from 'node:timers/promises'
import { knownContainer } from '../../containers/reader/containers.ts'
import { type DockerReader, openDockerReader } from '../../containers/reader/docker-reader.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Core } from '../core/core.ts'
import { followedOrigins, moveOrigin } from './followed-origins.ts'

const againAfterMs = 5_000

export type ContainerWatch = ReturnType<typeof createContainerWatch>

/** Follows the containers that are origins: each start may give another address. */
export function createContainerWatch(core: Core) {
  const closing = new AbortController()
  const { signal } = closing
  let following: Promise<void> | null = null

  async function follow(): Promise<void> {
    while (!signal.aborted && followedOrigins(core).length > 0) {
      await followStarts(core, signal).catch(report)
      await delay(againAfterMs, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  /** Docker may start later than the engine. */
  function report(error: unknown): void {
    if (!signal.aborted && !(error instanceof EdgekeepError))
      core.log.warn({ err: error }, 'Container watch failed')
  }

  return {
    /** Begins as soon as an origin follows a container. */
    look(): void {
      following ??= follow()
        .catch(report)
        .finally(() => {
          following = null
        })
    },
    close: () => closing.abort(),
  }
}

async function followStarts(core: Core, signal: AbortSignal): Promise<void> {
  const docker = openDockerReader()
  try {
    const filters = JSON.stringify({ type: ['container'], event: ['start'] })
    const events = docker.follow(['events'], [['filters', filters]], signal)
    const nextEvent = () => {
      const event = events.next()
      event.catch(() => undefined)
      return event
    }
    // Requested before the containers are read, so that no start is between them.
    let next = nextEvent()
    for (;;) {
      await readAddresses(core, docker)
      if ((await next).done || followedOrigins(core).length === 0) return
      next = nextEvent()
    }
  } finally {
    docker.close()
  }
}

async function readAddresses(core: Core, docker: DockerReader): Promise<void> {
  for (const followed of followedOrigins(core)) {
    const found = await knownContainer(docker, followed.container)
    if (found?.isRunning && found.address !== null && found.address !== followed.address)
      await moveOrigin(core, followed, found.address)
  }
}
