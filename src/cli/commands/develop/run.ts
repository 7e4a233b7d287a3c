import { type Flags, type OptionsOf, runs } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { formatPortHolder } from '../../../domain/port-conflict.ts'
import type { Home } from '../../../engine-process/home.ts'
import { portOf } from '../../flags/start.ts'
import { type GlobalOptions, usageError } from '../../frame/command.ts'
import { readProjectFile } from '../../input/project-file.ts'
import { table } from '../../output/format.ts'
import { printError, printLine, report, reportFailure } from '../../output/output.ts'
import type { Service } from './run-plan.ts'
import type { ListedRun } from './run-records.ts'

const examples = `
Examples:
  $ edgekeep run                        the services in edgekeep.yaml; else the "dev" script, in a monorepo all
  $ edgekeep run web api                of the services in edgekeep.yaml
  $ edgekeep run -- npx storybook dev
  $ edgekeep run --name shop -- bin/rails server
  $ edgekeep run --name shop.test       another suffix than .localhost
  $ edgekeep run --attach 3000          for a server that runs already
  $ edgekeep run --list
  $ edgekeep run --prune                ends servers whose "edgekeep run" was killed

The exit status is that of the command.`

const runFlags = {
  '--name <name>': 'name of the address (default: package, in a worktree with its branch)',
  '--port <port>': 'port for the server (default: a free one)',
  '--attach <origin>': 'give an address to a server that runs already: its port, or its URL',
  '--yes': 'run the services of this folder’s edgekeep.yaml without asking',
  '--list': 'list what runs, and what a killed run left',
  '--prune': 'end what killed runs left',
} as const satisfies Flags
type RunOptions = OptionsOf<typeof runFlags>

export const runCommand = runs('run [command...]', {
  summary: 'run a development server behind its own HTTPS address',
  about:
    'Run a development server behind its own HTTPS address, https://NAME.localhost, for as long as it runs. Finds the port that it listens on, and gives it the variables for trust in the local authority and the addresses of its siblings. Starts the engine if none runs.',
  flags: runFlags,
  help: examples,
  run: run,
})

async function run(global: GlobalOptions, command: string[], options: RunOptions): Promise<number> {
  const [{ openHome }, records] = await Promise.all([
    import('../../../engine-process/home.ts'),
    import('./run-records.ts'),
  ])
  const home = openHome(global.home)
  if (options.list) return list(global, await records.listRuns(home))
  const pruned = await records.pruneRuns(home)
  if (options.prune) return sayPruned(global, pruned)
  sayLeft(pruned)
  return start(global, home, command, options)
}

async function start(
  { json = false }: GlobalOptions,
  home: Home,
  command: string[],
  options: RunOptions,
): Promise<number> {
  if (options.name?.includes('*')) throw usageError('--name takes one name, not a wildcard.')
  const [{ withRunningEngine }, { takePersonEnvironment }] = await Promise.all([
    import('../engine/foreground.ts'),
    import('./child-environment.ts'),
  ])
  const given = takePersonEnvironment()
  const act =
    options.attach === undefined ? await servers(command, options) : await attached(command, options)
  const ended = await withRunningEngine(home, {}, ({ end }) => act({ home, given, json }, end))
  return ended instanceof EdgekeepError ? reportFailure(ended, json) : ended
}

type Act = (
  run: { home: Home; given: NodeJS.ProcessEnv; json: boolean },
  end: Promise<EdgekeepError | null>,
) => Promise<number | EdgekeepError>

/** Without a project file, a folder that starts nothing is refused before the engine is started. */
async function servers(command: string[], { name, port: written, yes }: RunOptions): Promise<Act> {
  const [{ onEngine }, { planRun }, { planFileServices }, { runServices }] = await Promise.all([
    import('../engine/foreground.ts'),
    import('./run-plan.ts'),
    import('./project-services.ts'),
    import('./run-services.ts'),
  ])
  const folder = process.cwd()
  const file = readProjectFile(folder)
  const port = portOf('--port', written)
  if (port !== undefined) await refuseTakenPort(port)
  const own = file ? null : planRun(folder, { command, name })
  const fromFile = (home: Home) =>
    file && onEngine(home, (client) => planFileServices(client, file, { chosen: command, name, yes }))
  return async (run, end) => {
    const plan = own ?? (await fromFile(run.home)) ?? planRun(folder, { command, name })
    if (port !== undefined && plan.services.length > 1)
      throw usageError('--port is for one server; each of several gets a free port.')
    return runServices({ ...plan, ...run, port }, end)
  }
}

async function refuseTakenPort(port: number): Promise<void> {
  const { portHolders } = await import('../../../platform/processes/port-holder.ts')
  const [holder] = await portHolders(port)
  if (holder) throw new EdgekeepError('run.port_taken', { port, owner: formatPortHolder(holder) })
}

async function attached(command: string[], { name, port, attach = '' }: RunOptions): Promise<Act> {
  if (command.length > 0 || port !== undefined)
    throw usageError('--attach is for a server that runs already, so it takes no command and no --port.')
  const [{ attachedOrigin, attachRun }, { planRun }] = await Promise.all([
    import('./attach-run.ts'),
    import('./run-plan.ts'),
  ])
  const origin = attachedOrigin(attach)
  const { project, branch, services } = planRun(process.cwd(), { command: [attach], name })
  const [{ name: service, names }] = services as [Service]
  return ({ home, json }, end) => attachRun({ home, project, branch, service, names, origin, json }, end)
}

function list({ json }: GlobalOptions, runs: ListedRun[]): number {
  const rows = runs.flatMap(({ services, owner, isLeft, project }) =>
    services.map(({ name, address }) => [
      name,
      address ?? '',
      isLeft ? 'left by a killed run' : `process ${owner.pid}`,
      project,
    ]),
  )
  const text = table(['SERVICE', 'ADDRESS', 'STATE', 'PROJECT'], rows, 'Nothing runs.')
  const shown = runs.map(({ owner, project, services, isLeft }) => ({
    pid: owner.pid,
    project,
    services,
    isLeft,
  }))
  return report({ data: { runs: shown }, text }, json ?? false)
}

type Pruned = (ListedRun & { ended: number })[]

function sayPruned({ json }: GlobalOptions, pruned: Pruned): number {
  if (!json && pruned.length > 0) sayLeft(pruned)
  const ended = pruned.reduce((sum, run) => sum + run.ended, 0)
  if (json) printLine(JSON.stringify({ ok: true, runs: pruned.length, ended }))
  else if (pruned.length === 0) printLine('No killed run left anything.')
  return 0
}

function sayLeft(pruned: Pruned): void {
  for (const { services, ended } of pruned) {
    const names = services.map(({ name }) => name).join(', ')
    printError(`Cleared a killed run of ${names}: ended ${ended} ${ended === 1 ? 'process' : 'processes'}.`)
  }
}
