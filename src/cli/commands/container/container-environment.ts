import { quoted } from '../../../platform/commands/shell.ts'

export interface Variable {
  name: string
  value: string
  /** Programs that read it. */
  reads: string
}

const inContainer = '/edgekeep-trust'
/** It copies the person's wget settings, which may contain passwords. */
const notForContainers = 'WGETRC'

/**
 * Mounts each file separately, with the variables set to its path inside. The folder itself is not mounted:
 * it has notes on the person's own certificate databases, which may contain keys.
 */
export function forContainers(variables: Variable[]): { volumes: string[]; environment: [string, string][] } {
  const taken = variables.filter(({ name }) => name !== notForContainers)
  const inside = (path: string) => `${inContainer}${path.slice(path.lastIndexOf('/'))}`
  const files = [...new Set(taken.map(({ value }) => value))]
  return {
    volumes: files.map((path) => `${path}:${inside(path)}:ro`),
    environment: taken.map(({ name, value }) => [name, inside(value)]),
  }
}

/** Arguments of "docker run" and "podman run" for the same, quoted for a shell, and for names of the edge. */
export function runArguments(variables: Variable[], names: string[] = []): string {
  const { volumes, environment } = forContainers(variables)
  return [
    ...volumes.map((volume) => `--volume ${quoted(volume)}`),
    ...environment.map(([name, value]) => `--env ${name}=${quoted(value)}`),
    ...names.map((name) => `--add-host ${name}:host-gateway`),
  ].join(' ')
}
