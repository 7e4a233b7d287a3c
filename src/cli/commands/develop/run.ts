import type { Command } from 'commander'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Home } from '../../../engine-process/home.ts'
import { portOf } from '../../flags/start.ts'
import { type Cli, type GlobalOptions, usageError } from '../../frame/command.ts'
import { table } from '../../output/format.ts'
import { printError, printLine, report, reportFailure } from '../../output/output.ts'
import type { ListedRun } from './run-records.ts'

interface RunOptions {
  name?: string
  port?: string
  list?: boolean
  prune?: boolean
}

const examples = `
Examples:
  $ edgekeep run                        the "dev" script; in the root of a monorepo those of all its packages
  $ edgekeep run -- npx storybook dev
  $ edgekeep run --name shop -- bin/rails server
  $ edgekeep run --name shop.test       another suffix than .localhost
  $ edgekeep run --list
  $ edgekeep run --prune                ends servers whose "edgekeep run" was killed

The exit status is that of the command.`

export function runCommand(program: Command, cli: Cli): void {
  program
    .command('run [command...]')
    .summary('run a development server behind its own HTTPS address')
    .description(
      'Run a development server behind its own HTTPS address, https://NAME.localhost, for as long as it runs. Finds the port that it listens on, and gives it the variables for trust in the local authority and the addresses of its siblings. Starts the engine if none runs.',
    )
    .option('--name <name>', 'name of the address (default: package, in a worktree with its branch)')
    .option('--port <port>', 'port for the server (default: a free one)')
    .option('--list', 'list what runs, and what a killed run left')
    .option('--prune', 'end what killed runs left')
    .addHelpText('after', examples)
    .action(cli.run(run))
}

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
  global: GlobalOptions,
  home: Home,
  command: string[],
  { name, port }: RunOptions,
): Promise<number> {
  if (name?.includes('*')) throw usageError('--name takes one name, not a wildcard.')
  const [{ withRunningEngine }, { planRun }, { runServices }, { takePersonEnvironment }] = await Promise.all([
    import('../engine/foreground.ts'),
    import('./run-plan.ts'),
    import('./run-services.ts'),
    import('./child-environment.ts'),
  ])
  const given = takePersonEnvironment()
  const plan = planRun(process.cwd(), { command, name })
  if (port !== undefined && plan.services.length > 1)
    throw usageError('--port is for one server; each package of a monorepo gets a free port.')
  const wanted = { ...plan, home, given, port: portOf('--port', port), json: global.json ?? false }
  const ended = await withRunningEngine(home, {}, ({ end }) => runServices(wanted, end))
  return ended instanceof EdgekeepError ? reportFailure(ended, global.json ?? false) : ended
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
