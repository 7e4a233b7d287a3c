import { chosenContainer, runningContainers } from '../../containers/reader/containers.ts'
import { type DockerReader, openDockerReader } from '../../containers/reader/docker-reader.ts'
import type { ListedContainer } from '../../contract/containers/containers.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { compareText } from '../../domain/compare.ts'
import { hostLabel } from '../../domain/host-label.ts'
import { parseOrigin } from '../../domain/origin-url.ts'
import { commit } from '../core/commit.ts'
import { containerOrigins } from '../core/settings.ts'
import { turnOnHttps } from '../https/https.ts'
import { followedOrigins } from './followed-origins.ts'
import type { ContainerNeeds } from './needs.ts'

/** Lists running containers; null where neither Docker nor Podman can be read. */
export async function listContainers(parts: ContainerNeeds): Promise<ListedContainer[] | null> {
  try {
    const running = await reading(runningContainers)
    const domains = new Map(followedOrigins(parts).map(({ container, domain }) => [container, domain]))
    return running
      .map(({ name, image, ports, address }) => ({
        ...{ name, image, ports },
        hasAddress: address !== null,
        domain: domains.get(name) ?? null,
      }))
      .toSorted((a, b) => compareText(a.name, b.name))
  } catch (error) {
    if (error instanceof EdgekeepError && error.code.startsWith('container.')) return null
    throw error
  }
}

/**
 * Adds a domain for a port of a running container, which follows it from then on.
 * @throws `container.not_found`, `container.not_running`, `container.no_address`, `container.no_engine`
 */
export async function serveContainer(
  parts: ContainerNeeds,
  { container, port }: { container: string; port: number },
): Promise<{ domain: string }> {
  const { vault } = parts
  const { name, address } = await reading((docker) => chosenContainer(docker, container))
  // In the virtual machine of another system, its network is not that of this computer.
  if (address === null || process.platform !== 'linux')
    throw new EdgekeepError('container.no_address', { name })
  const domain = freeName(parts, name)
  const origin = parseOrigin(`http://${address}:${port}`)
  await commit(parts, () => {
    vault.domains.insert({ name: domain, origin })
    const followed = { domain, container: name, port, address }
    containerOrigins.store(vault, [...followedOrigins(parts), followed])
    const after = { container: name, origin }
    return { record: { action: 'container.serve', subject: domain, before: null, after } }
  })
  // Also a domain whose HTTPS cannot be turned on is followed.
  parts.containerWatch?.look()
  await turnOnHttps(parts, domain)
  return { domain }
}

async function reading<T>(read: (docker: DockerReader) => Promise<T>): Promise<T> {
  const docker = openDockerReader()
  try {
    return await read(docker)
  } finally {
    docker.close()
  }
}

const mostRepeats = 99

/** @throws `domain.exists` */
function freeName({ vault }: ContainerNeeds, container: string): string {
  const label = hostLabel(container) || 'container'
  const names = Array.from(
    { length: mostRepeats },
    (_, at) => `${label}${at === 0 ? '' : `-${at + 1}`}.localhost`,
  )
  const free = names.find((name) => vault.domains.get(name) === undefined)
  if (free !== undefined) return free
  throw new EdgekeepError('domain.exists', { name: `${label}.localhost` })
}
