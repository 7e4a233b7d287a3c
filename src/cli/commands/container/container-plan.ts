import { stringify } from 'yaml'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { quoted } from '../../../platform/commands/shell.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { forContainers, runArguments } from './container-environment.ts'
import { namesOf, setNames, type Way, wayToEdge } from './container-names.ts'
import { addRoot, type ContainerStore, findStore, removeRoot } from './container-store.ts'
import type { Container } from '../../../containers/reader/containers.ts'
import type { Docker } from '../../../containers/docker.ts'

export interface ContainerPlan {
  container: Container
  /** Null without a tool for it. */
  store: ContainerStore | null
  /** Null where there is none; not looked for without names. */
  way: Way | null
  /** Names to add, or at an undo those to remove. */
  names: string[]
}

export async function planFor(
  docker: Docker,
  container: Container,
  { domains, undo }: { domains: string[]; undo: boolean },
): Promise<ContainerPlan> {
  const names = undo ? await namesOf(docker, container) : domains.map((name) => name.toLowerCase())
  const way = names.length > 0 ? await wayToEdge(docker, container) : null
  return { container, names, way, store: await findStore(docker, container) }
}

/**
 * The edge listens on the bridge first, so that no name leads to a closed port.
 * @returns the names of the containers that did not take it all
 */
export async function carryOutPlans(
  { client }: Session,
  docker: Docker,
  plans: ContainerPlan[],
): Promise<string[]> {
  const authority = await client.authority.get()
  if (!authority) throw new EdgekeepError('authority.none', {})
  for (const { way, names } of plans)
    if (way?.isPublished && names.length > 0) await client.lan.on({ domains: names, address: way.address })
  return failedOf(plans, async ({ container, store, way, names }) => {
    const isTrusted =
      store !== null && (await addRoot(docker, container, { ...store, rootPem: authority.root.pem }))
    const isNamed =
      names.length === 0 || (way !== null && (await setNames(docker, container, names, way.address)))
    return isTrusted && isNamed
  })
}

/** Ends the access of other containers in that network too. @returns as `carryOutPlans` */
export async function undoPlans(
  { client, engineRuns }: Session,
  docker: Docker,
  plans: ContainerPlan[],
): Promise<string[]> {
  const known = new Set((await client.domains.list()).map(({ name }) => name))
  for (const { way, names } of plans) {
    const domains = names.filter((name) => known.has(name))
    if (engineRuns && way?.isPublished && domains.length > 0)
      await client.lan.off({ domains, address: way.address })
  }
  return failedOf(plans, async ({ container, store, names }) => {
    const isGone = store === null || (await removeRoot(docker, container, store))
    return isGone && (names.length === 0 || (await setNames(docker, container, [], null)))
  })
}

async function failedOf(
  plans: ContainerPlan[],
  act: (plan: ContainerPlan) => Promise<boolean>,
): Promise<string[]> {
  const done = await Promise.all(
    plans.map((plan) =>
      act(plan).catch((error: unknown) => {
        if (error instanceof EdgekeepError && error.code === 'container.refused') return false
        throw error
      }),
    ),
  )
  return plans.filter((_, at) => !done[at]).map(({ container }) => container.name)
}

const composeProject = 'com.docker.compose.project'
const composeService = 'com.docker.compose.service'

/**
 * Lines that give programs without a store, such as Node, the variables. The environment of a running container
 * cannot be changed, so they are for its next start. They are pasted into a shell, so labels are quoted.
 */
export async function linesForStart(
  { client }: Session,
  containers: Container[],
  domains: string[],
): Promise<string[]> {
  const { variables } = await client.trust.env()
  const projects = new Set(containers.flatMap(({ labels }) => labels.get(composeProject) ?? []))
  const names = domains.map((name) => ` --domain ${name}`).join('')
  const override = [...projects].map(
    (project) =>
      `  edgekeep trust container ${quoted(visibleText(project))}${names} --compose > compose.override.yaml`,
  )
  const others = containers.filter(({ labels }) => !labels.has(composeProject))
  const started = others.map(
    ({ name }) => `  docker run … (${visibleText(name)}): ${runArguments(variables, domains)}`,
  )
  return [
    'Programs that read no store (Node, Python’s requests) need variables, which a running container cannot get. For its next start:',
    ...override,
    ...started,
  ]
}

const overrideHeading = `# Trust in Edgekeep's local authority, by "edgekeep trust container --compose".
# In use after "docker compose up -d"; undone by the same without this file.
`

/** Services of the containers with bundle, variables and names, which Compose gives every new container of them. */
export async function composeOverride(
  { client }: Session,
  containers: Container[],
  domains: string[],
): Promise<Result> {
  const services = containers.flatMap(({ labels }) => labels.get(composeService) ?? [])
  if (services.length === 0) throw usageError('--compose is for a Compose project or one of its containers.')
  const { variables } = await client.trust.env()
  const { volumes, environment } = forContainers(variables)
  const service = {
    environment: new Map(environment),
    volumes,
    ...(domains.length > 0 && { extra_hosts: domains.map((name) => `${name}:host-gateway`) }),
  }
  const override = { services: new Map(services.map((name) => [visibleText(name), service])) }
  const text = `${overrideHeading}${stringify(override, { aliasDuplicateObjects: false })}`
  return { data: { compose: text }, text, isDocument: true }
}
