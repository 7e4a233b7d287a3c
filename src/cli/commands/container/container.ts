import { type Flags, type OptionsOf, keys } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { confirm, dryRunFlag, yesFlag } from '../../flags/confirmation.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { printError } from '../../output/output.ts'
import type { ContainerPlan } from './container-plan.ts'

const examples = `
Examples:
  $ edgekeep trust container web                     the root into its store, by its own tool
  $ edgekeep trust container web --domain shop.test  and shop.test leads to the edge there
  $ edgekeep trust container shop                    each running container of the Compose project
  $ edgekeep trust container web --undo
  $ edgekeep trust container shop --domain shop.test --compose > compose.override.yaml

Exit status: 0 done, 1 not in every container.`

const containerFlags = {
  ...yesFlag,
  ...dryRunFlag,
  '--domain <name...>': 'domains that the container reaches at the edge of this computer',
  '--undo': 'remove the root and the names again',
  '--compose': 'only print an override for Compose: variables, bundle and names',
} as const satisfies Flags
type ContainerOptions = OptionsOf<typeof containerFlags>

export const containerCommand = keys('container <name>', {
  summary: 'let a running container trust the local authority',
  about:
    'Let a running container of Docker or Podman, or each one of a Compose project, trust the local authority by its own tool, and reach domains of the edge by name. What changes is shown first. It is lost with the container, and the names also when it restarts; --compose prints what makes it last.',
  flags: containerFlags,
  help: examples,
  run: trustContainer,
})

async function trustContainer(session: Session, name: string, options: ContainerOptions): Promise<Result> {
  const { domain = [], undo = false } = options
  if (domain.some((each) => each.startsWith('*.')))
    throw usageError('--domain takes names, not wildcards: a hosts file has none.')
  if (domain.length > 50) throw usageError('--domain takes 50 names at most.')
  const [{ openDocker }, { chosenContainers }, plans] = await Promise.all([
    import('../../../containers/docker.ts'),
    import('../../../containers/reader/containers.ts'),
    import('./container-plan.ts'),
  ])
  const docker = openDocker()
  try {
    const containers = await chosenContainers(docker, name)
    if (options.compose) return await plans.composeOverride(session, containers, domain)
    const found = await Promise.all(
      containers.map((each) => plans.planFor(docker, each, { domains: domain, undo })),
    )
    const text = found.map((plan) => formatPlan(plan, undo)).join('\n')
    if (options.dryRun)
      return { data: { containers: found.map(dataOf) }, text: `${text}\nNothing was changed.` }
    printError(text)
    if (!options.yes) await confirm(undo ? 'Undo this?' : 'Make these changes?')
    const failed = undo
      ? await plans.undoPlans(session, docker, found)
      : await plans.carryOutPlans(session, docker, found)
    const no =
      failed.length > 0
        ? new EdgekeepError('container.cannot_trust', { names: failed, reason: hint })
        : undefined
    const lines = undo ? [] : await plans.linesForStart(session, containers, domain)
    const done = [no?.message ?? (undo ? 'Undone.' : 'Done.'), ...lines]
    return { data: { containers: found.map(dataOf), lines }, text: done.join('\n'), ...(no && { no }) }
  } finally {
    docker.close()
  }
}

const hint = 'Give it the variables, the bundle and the names where it is started.'

function dataOf({ container, store, way, names }: ContainerPlan) {
  return {
    id: container.id,
    name: container.name,
    store: store?.folder ?? null,
    address: way?.address ?? null,
    names,
  }
}

function formatPlan({ container, store, way, names }: ContainerPlan, undo: boolean): string {
  const sign = undo ? '-' : '+'
  const tool = store?.tool.join(' ')
  return [
    `${visibleText(container.name)}:`,
    store
      ? `  ${sign} root of the local authority in ${store.folder}, then ${tool}`
      : '  ! no shell with a tool for certificates; programs there need variables from its start',
    ...names.map((name) => `  ${sign} ${name} in /etc/hosts${way ? `, at ${way.address}` : ''}`),
    ...(way?.isPublished && names.length > 0
      ? [`  ${sign} the edge listens on ${way.address}, for these names and every container in that network`]
      : []),
    ...(names.length > 0 && !way ? ['  ! this computer cannot be reached from its network'] : []),
    ...(undo ? [] : ['  It is lost with the container; names also when it restarts.']),
  ].join('\n')
}
