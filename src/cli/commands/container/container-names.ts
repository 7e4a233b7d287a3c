import { networkInterfaces } from 'node:os'
import type { Container } from '../../../containers/reader/containers.ts'
import { execute } from './execute.ts'
import type { Docker } from '../../../containers/docker.ts'

const mark = '# edgekeep'

/** Removes our lines, and adds those in its arguments. The file is a mount, which cannot be replaced. */
const rewrite = `lines=$(grep -v '${mark}$' /etc/hosts)
{ printf '%s\\n' "$lines"; for line in "$@"; do printf '%s\\n' "$line"; done; } > /etc/hosts`

export interface Way {
  /** Address that the container reaches this computer at. */
  address: string
  /** Whether it is this computer's own, so that the edge has to listen there. */
  isPublished: boolean
}

/** Way from a container to the edge: its bridge, or the address that a virtual machine has for its host. */
export async function wayToEdge(docker: Docker, container: Container): Promise<Way | null> {
  const { gateway } = container
  const own = Object.values(networkInterfaces()).flatMap((entries = []) => entries)
  if (gateway !== null && own.some(({ address }) => address === gateway))
    return { address: gateway, isPublished: true }
  const names = ['host.docker.internal', 'host.containers.internal']
  const { output } = await execute(docker, container, ['getent', 'hosts', ...names]).catch(() => ({
    output: '',
  }))
  const [, address] = /^(\d{1,3}(?:\.\d{1,3}){3})\s/m.exec(output) ?? []
  return address === undefined ? null : { address, isPublished: false }
}

/** @returns whether the container has these names, and no earlier ones */
export async function setNames(
  docker: Docker,
  container: Container,
  names: string[],
  address: string | null,
): Promise<boolean> {
  const lines = names.map((name) => `${address} ${name} ${mark}`)
  return (await execute(docker, container, ['sh', '-c', rewrite, 'sh', ...lines])).exitCode === 0
}

/** Names that an earlier run gave the container. */
export async function namesOf(docker: Docker, container: Container): Promise<string[]> {
  const { output } = await execute(docker, container, ['cat', '/etc/hosts']).catch(() => ({ output: '' }))
  const lines = output.split('\n').filter((line) => line.endsWith(` ${mark}`))
  return lines.flatMap((line) => {
    const [, name = ''] = line.split(' ')
    return /^[a-z0-9_.-]{1,253}$/.test(name) ? [name] : []
  })
}
