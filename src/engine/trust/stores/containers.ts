import { createConnection } from 'node:net'
import { programOf, systemPath, type HostEnvironment } from '../../../platform/commands/host-environment.ts'
import type { TrustStore } from './store.ts'

export const containerPrograms = ['docker', 'podman', 'nerdctl'] as const

const timeoutMs = 2_000
const elsewhere =
  'Containers have trust of their own. A running one gets it by "edgekeep trust container NAME"; where they are started or built: "edgekeep trust env --format docker" or "--format dockerfile".'

/** Explains containers; nothing changes the user's images and volumes. */
export function containersStore(hostEnvironment: HostEnvironment): TrustStore {
  const refuse = () => Promise.reject(new Error(elsewhere))
  return {
    id: 'containers',
    kind: 'container',
    title: 'the trust of containers',
    location: 'each container',
    elevated: false,
    read: async () => ({
      state: 'unmanaged',
      sentence: [await dockerSentence(hostEnvironment), elsewhere].filter(Boolean).join(' '),
      present: [],
    }),
    obstacle: async () => null,
    change: (action) =>
      `${action === 'install' ? 'Adds the local authority to' : 'Removes the local authority from'} containers.`,
    commands: () => '',
    put: refuse,
    takeOut: refuse,
    files: () => [],
  }
}

/** Podman has no daemon to ask. */
async function dockerSentence(hostEnvironment: HostEnvironment): Promise<string> {
  if (!programOf(hostEnvironment, 'docker')) return ''
  const host = hostEnvironment.env.DOCKER_HOST
  if (host && !host.startsWith('unix:///')) return 'DOCKER_HOST leads Docker to another computer.'
  const socket = host?.slice('unix://'.length) ?? systemPath(hostEnvironment, '/var/run/docker.sock')
  return (await answers(socket))
    ? 'Docker runs here.'
    : 'Docker is installed, and its service does not answer here.'
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    // An invalid socket path throws synchronously.
    try {
      const socket = createConnection({ path, timeout: timeoutMs })
      const end = (isThere: boolean) => {
        socket.destroy()
        resolve(isThere)
      }
      socket
        .once('connect', () => end(true))
        .once('timeout', () => end(false))
        .once('error', () => end(false))
    } catch {
      resolve(false)
    }
  })
}
