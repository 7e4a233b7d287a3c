import { z } from 'zod'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Docker } from './docker.ts'

const network = z.object({ IPAddress: z.string().catch(''), Gateway: z.string().catch('') })
const containerSchema = z.object({
  Id: z.string().regex(/^[0-9a-f]{12,64}$/),
  Name: z.string().max(1_000),
  State: z.object({ Running: z.boolean() }),
  HostConfig: z.object({ NetworkMode: z.string().catch('') }),
  Config: z.object({ Labels: z.looseObject({}).nullish() }),
  NetworkSettings: z.looseObject({
    Networks: z.looseObject({}).nullish(),
  }),
})

export interface Container {
  id: string
  /** Untrusted: chosen by whoever started the container. */
  name: string
  isRunning: boolean
  labels: Map<string, string>
  /** IPv4 address in its first network; null without one of its own. */
  address: string | null
  /** Address of this computer in that network, or of the virtual machine that containers run in. */
  gateway: string | null
}

/** @throws `container.refused` for an unknown one */
export async function inspectContainer(docker: Docker, reference: string): Promise<Container> {
  const found = containerSchema.safeParse(await docker.get(['containers', reference, 'json']))
  if (!found.success) throw new EdgekeepError('container.no_engine', {}, { cause: found.error })
  const { Id, Name, State, Config, HostConfig, NetworkSettings } = found.data
  const given = [...Object.values(NetworkSettings.Networks ?? {}), NetworkSettings]
  const networks = given.flatMap((each) => network.safeParse(each).data ?? [])
  const own = HostConfig.NetworkMode === 'host' ? undefined : networks.find((each) => ipv4(each.IPAddress))
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    isRunning: State.Running,
    labels: new Map(Object.entries(Config.Labels ?? {}).map(([name, value]) => [name, String(value)])),
    address: ipv4(own?.IPAddress),
    gateway: ipv4(own?.Gateway),
  }
}

const listSchema = z.array(z.object({ Id: z.string() })).max(1_000)

/** Running containers with a label, or with this value of it. */
export async function containersWithLabel(docker: Docker, label: string): Promise<Container[]> {
  const filters = JSON.stringify({ label: [label], status: ['running'] })
  const list = listSchema.parse(await docker.get(['containers', 'json'], [['filters', filters]]))
  return Promise.all(list.map(({ Id }) => inspectContainer(docker, Id)))
}

/**
 * The container of that name, or those of the Compose project.
 * @throws `container.not_found`, `container.not_running`
 */
export async function chosenContainers(docker: Docker, name: string): Promise<Container[]> {
  const one = await inspectContainer(docker, name).catch((error: unknown) => {
    if (error instanceof EdgekeepError && error.code === 'container.refused') return null
    throw error
  })
  if (one && !one.isRunning) throw new EdgekeepError('container.not_running', { name })
  const found = one ? [one] : await containersWithLabel(docker, `com.docker.compose.project=${name}`)
  if (found.length === 0) throw new EdgekeepError('container.not_found', { name })
  return found
}

function ipv4(text: string | undefined): string | null {
  return text !== undefined && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? text : null
}

export interface Executed {
  exitCode: number
  /** Both streams, cut after 64 KiB. */
  output: string
}

const mostOutput = 64 * 1024

/** Runs a program in the container as its root. */
export async function execute(docker: Docker, { id }: Container, command: string[]): Promise<Executed> {
  const json = { AttachStdout: true, AttachStderr: true, User: '0', Cmd: command }
  const created = await docker.send({ method: 'POST', json }, ['containers', id, 'exec'])
  const exec = z.object({ Id: z.string() }).parse(JSON.parse(created.toString('utf8'))).Id
  const raw = await docker.send({ method: 'POST', json: { Detach: false, Tty: false } }, [
    'exec',
    exec,
    'start',
  ])
  const state = z.object({ ExitCode: z.number().nullish() }).parse(await docker.get(['exec', exec, 'json']))
  return { exitCode: state.ExitCode ?? 1, output: withoutFrames(raw).slice(0, mostOutput) }
}

/** Removes the headers of Docker's frames: stream, three zeros, and the length in four bytes. */
function withoutFrames(raw: Buffer): string {
  const parts: Buffer[] = []
  for (let at = 0; at + 8 <= raw.length;) {
    const length = raw.readUInt32BE(at + 4)
    parts.push(raw.subarray(at + 8, at + 8 + length))
    at += 8 + length
  }
  return Buffer.concat(parts).toString('utf8')
}
