import { z } from 'zod'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { DockerReader } from './docker-reader.ts'

const network = z.object({ IPAddress: z.string().catch(''), Gateway: z.string().catch('') })
const containerSchema = z.object({
  Id: z.string().regex(/^[0-9a-f]{12,64}$/),
  Name: z.string().max(1_000),
  State: z.object({ Running: z.boolean() }),
  HostConfig: z.object({ NetworkMode: z.string().catch('') }),
  Config: z.object({
    Image: z.string().max(1_000).catch(''),
    Labels: z.looseObject({}).nullish(),
    ExposedPorts: z.looseObject({}).nullish(),
  }),
  NetworkSettings: z.looseObject({
    Networks: z.looseObject({}).nullish(),
  }),
})

export interface Container {
  id: string
  /** Untrusted: chosen by whoever started the container. */
  name: string
  image: string
  isRunning: boolean
  labels: Map<string, string>
  /** TCP ports that its image or its start names. */
  ports: number[]
  /** IPv4 address in its first network; null without one of its own. */
  address: string | null
  /** Address of this computer in that network, or of the virtual machine that containers run in. */
  gateway: string | null
}

/** @throws `container.refused` for an unknown one */
async function inspectContainer(docker: DockerReader, reference: string): Promise<Container> {
  const found = containerSchema.safeParse(await docker.get(['containers', reference, 'json']))
  if (!found.success) throw new EdgekeepError('container.no_engine', {}, { cause: found.error })
  const { Id, Name, State, Config, HostConfig, NetworkSettings } = found.data
  const given = [...Object.values(NetworkSettings.Networks ?? {}), NetworkSettings]
  const networks = given.flatMap((each) => network.safeParse(each).data ?? [])
  const own = HostConfig.NetworkMode === 'host' ? undefined : networks.find((each) => ipv4(each.IPAddress))
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    image: Config.Image,
    isRunning: State.Running,
    labels: new Map(Object.entries(Config.Labels ?? {}).map(([name, value]) => [name, String(value)])),
    ports: Object.keys(Config.ExposedPorts ?? {}).flatMap(tcpPort),
    address: ipv4(own?.IPAddress),
    gateway: ipv4(own?.Gateway),
  }
}

/** Answers in memory at once, each of which may be as large as any. */
const inspectedAtOnce = 16
const listSchema = z.array(z.object({ Id: z.string() })).max(1_000)

/** Running containers with a label, or with this value of it. */
export const containersWithLabel = (docker: DockerReader, label: string) =>
  runningContainers(docker, { label: [label] })

/** One that ends meanwhile is left out. */
export async function runningContainers(
  docker: DockerReader,
  filters: { label?: string[] } = {},
): Promise<Container[]> {
  const wanted = JSON.stringify({ ...filters, status: ['running'] })
  const list = listSchema.safeParse(await docker.get(['containers', 'json'], [['filters', wanted]]))
  if (!list.success) throw new EdgekeepError('container.no_engine', {}, { cause: list.error })
  const found: Container[] = []
  for (let at = 0; at < list.data.length; at += inspectedAtOnce) {
    const some = list.data.slice(at, at + inspectedAtOnce)
    const known = await Promise.all(some.map(({ Id }) => knownContainer(docker, Id)))
    found.push(...known.filter((container) => container !== null))
  }
  return found
}

/** Null for one that Docker does not know. */
export function knownContainer(docker: DockerReader, reference: string): Promise<Container | null> {
  return inspectContainer(docker, reference).catch((error: unknown) => {
    if (error instanceof EdgekeepError && error.code === 'container.refused') return null
    throw error
  })
}

/** @throws `container.not_found`, `container.not_running` */
export async function chosenContainer(docker: DockerReader, name: string): Promise<Container> {
  const found = await knownContainer(docker, name)
  if (!found) throw new EdgekeepError('container.not_found', { name })
  return running(found)
}

/**
 * The container of that name, or those of the Compose project.
 * @throws `container.not_found`, `container.not_running`
 */
export async function chosenContainers(docker: DockerReader, name: string): Promise<Container[]> {
  const one = await knownContainer(docker, name)
  const found = one ? [running(one)] : await containersWithLabel(docker, `com.docker.compose.project=${name}`)
  if (found.length === 0) throw new EdgekeepError('container.not_found', { name })
  return found
}

function running(container: Container): Container {
  if (container.isRunning) return container
  throw new EdgekeepError('container.not_running', { name: container.name })
}

function tcpPort(written: string): number[] {
  const port = Number(/^(\d{1,5})\/tcp$/.exec(written)?.[1])
  return port >= 1 && port <= 65_535 ? [port] : []
}

function ipv4(text: string | undefined): string | null {
  return text !== undefined && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? text : null
}
