import { packTar } from 'modern-tar'
import type { Container } from '../../../containers/reader/containers.ts'
import { execute } from './execute.ts'
import type { Docker } from '../../../containers/docker.ts'

export interface ContainerStore {
  /** Folder in which the distribution's tool looks for roots. */
  folder: string
  tool: string[]
}

const rootFile = 'edgekeep-root.crt'

const stores = new Map<string, ContainerStore>([
  ['debian', { folder: '/usr/local/share/ca-certificates', tool: ['update-ca-certificates'] }],
  ['suse', { folder: '/etc/pki/trust/anchors', tool: ['update-ca-certificates'] }],
  ['fedora', { folder: '/etc/pki/ca-trust/source/anchors', tool: ['update-ca-trust', 'extract'] }],
  ['arch', { folder: '/etc/ca-certificates/trust-source/anchors', tool: ['trust', 'extract-compat'] }],
])

/** Prints the key of the store that the container has a tool for. */
const probe = `has() { command -v "$1" >/dev/null 2>&1; }
if has update-ca-certificates; then if [ -d /etc/pki/trust/anchors ]; then echo suse; else echo debian; fi
elif has update-ca-trust; then echo fedora
elif has trust && [ -d /etc/ca-certificates/trust-source/anchors ]; then echo arch
fi`

/** Store of a container that has a shell and a tool for it; null for others. */
export async function findStore(docker: Docker, container: Container): Promise<ContainerStore | null> {
  const { output } = await execute(docker, container, ['sh', '-c', probe]).catch(() => ({ output: '' }))
  return stores.get(output.trim()) ?? null
}

/** @returns whether the tool has added the root */
export async function addRoot(
  docker: Docker,
  container: Container,
  { folder, tool, rootPem }: ContainerStore & { rootPem: string },
): Promise<boolean> {
  const body = await packTar([
    { header: { name: rootFile, size: rootPem.length, mode: 0o644 }, body: rootPem },
  ])
  if ((await execute(docker, container, ['mkdir', '-p', folder])).exitCode !== 0) return false
  await docker.send({ method: 'PUT', query: [['path', folder]], body }, [
    'containers',
    container.id,
    'archive',
  ])
  return (await execute(docker, container, tool)).exitCode === 0
}

/** @returns whether the root is gone */
export async function removeRoot(
  docker: Docker,
  container: Container,
  { folder, tool }: ContainerStore,
): Promise<boolean> {
  const removed = await execute(docker, container, ['rm', '-f', `${folder}/${rootFile}`])
  if (removed.exitCode !== 0) return false
  // Without it, Debian's tool leaves a link to the removed file.
  const isFresh = (await execute(docker, container, [...tool, '--fresh'])).exitCode === 0
  return isFresh || (await execute(docker, container, tool)).exitCode === 0
}
