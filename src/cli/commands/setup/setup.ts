import { spawn } from 'node:child_process'
import type { Command } from 'commander'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { NamesReport } from '../../../contract/names/names.ts'
import type { SetupSelection } from '../../../contract/trust/setup.ts'
import { connectEngine } from '../../../engine-process/connect.ts'
import { findDefaultOpener } from '../../../engine-process/default-opener.ts'
import { hasDisplay } from '../../../engine-process/display.ts'
import { openHome } from '../../../engine-process/home.ts'
import type { Cli, GlobalOptions, Result } from '../../frame/command.ts'
import { withDryRun, type DryRunOptions, withYes } from '../../flags/confirmation.ts'
import { printError, report, reportFailure } from '../../output/output.ts'
import { withEngine } from '../../session.ts'
import { withRunningEngine } from '../engine/foreground.ts'
import { proofTable, proven } from '../trust/proof-table.ts'
import { changeComputer } from '../trust/carry-out.ts'
import { sentences } from '../../../contract/text/sentences.ts'

interface SetupOptions extends DryRunOptions {
  yes?: boolean
  undo?: boolean
  /** False for `--no-browser`. */
  browser: boolean
}

const examples = `
Examples:
  $ edgekeep setup shop.test            HTTPS, trust, its name, ports 443 and 80; then a test
  $ edgekeep setup shop.test --dry-run  only show the plan
  $ edgekeep setup --undo               restore every store, the hosts file and the ports

Exit status: 0 everything is done and tested, or only shown; 1 not everything.`

/** All steps from a domain to a green padlock in one command. */
export function setupCommand(program: Command, cli: Cli): void {
  withDryRun(withYes(program.command('setup [name...]')))
    .summary('make a domain green in your browsers, or undo all of that')
    .description(
      'Make domains green in your own browsers and tools: HTTPS, trust in the local authority, the names, and addresses without a port number. Shows the whole plan and asks first; the administrator’s password is asked for once. Then tests each client and opens the browser. Starts an engine unless one is running.',
    )
    .option('--undo', 'undo all changes; the domains stay')
    .option('--no-browser', 'do not open the browser at the end')
    .addHelpText('after', examples)
    .action(
      cli.run((global, names: string[], options: SetupOptions) =>
        options.dryRun ? planned(global, { names, options }) : setup(global, names, options),
      ),
    )
}

async function planned(global: GlobalOptions, request: SetupRequest): Promise<number> {
  const plan = await withEngine(global, ({ client }) => changed(client, global, request), 'facts')
  return report(plan, global.json ?? false)
}

async function setup(global: GlobalOptions, names: string[], options: SetupOptions): Promise<number> {
  const home = openHome(global.home)
  let status = 0
  const lost = await withRunningEngine(home, {}, async ({ isJoined, end }) => {
    const connection = await connectEngine(home)
    if (!connection) throw new EdgekeepError('edge.not_running', {})
    try {
      const result = await carriedOut(connection.client, global, { names, options })
      status = report(result, global.json ?? false)
    } catch (error) {
      throw error instanceof EdgekeepError ? error : asEdgekeepError(error)
    } finally {
      await connection.close()
    }
    if (isJoined || options.undo || !process.stdin.isTTY) return null
    printError('The edge runs until Ctrl-C.')
    return end
  })
  return lost ? reportFailure(lost, global.json ?? false) : status
}

interface SetupRequest {
  names: string[]
  options: SetupOptions
}

function selectionOf({ names, options }: SetupRequest): SetupSelection {
  const domains = names.length > 0 ? names : undefined
  return { action: options.undo ? 'undo' : 'install', parts: ['https', 'trust', 'names', 'ports'], domains }
}

/** A plan needs no edge: it depends only on this computer and the vault. */
function changed(client: Client, global: GlobalOptions, request: SetupRequest): Promise<Result> {
  const { browser, undo, ...options } = request.options
  return changeComputer(client, global, {
    ...options,
    selection: selectionOf(request),
    question: undo ? 'Undo all of that?' : 'Do all of that?',
    nothing: undo ? sentences.nothingToUndo : 'Everything is set up already.',
    afterwards: undo ? [] : [`- Tests each client${browser ? ', and opens the browser' : ''}.`],
  })
}

async function carriedOut(client: Client, global: GlobalOptions, request: SetupRequest): Promise<Result> {
  const { options } = request
  const { domains } = selectionOf(request)
  const done = await changed(client, global, request)
  if (options.undo) return done
  const clients = await proven(client, global, {})
  const report = await client.names.status({ domains })
  const { address, sentence } = await seen(client, report)
  if (address && options.browser && !global.json) openInBrowser(address)
  const refused = clients.filter(({ proof }) => !proof?.ok).map(({ name }) => name)
  return {
    data: { ...done.data, clients, names: report.names, address },
    text: [done.text, '', proofTable(clients), '', sentence].join('\n'),
    no: done.no ?? (refused.length > 0 ? new EdgekeepError('trust.not_all', { names: refused }) : undefined),
  }
}

/** The address of the first domain, if its name resolves to this computer. */
async function seen(
  client: Client,
  { names }: NamesReport,
): Promise<{ address: string | null; sentence: string }> {
  const [first] = names
  if (!first)
    return { address: null, sentence: 'There is no domain yet: edgekeep domain add NAME --origin URL' }
  const { edge } = await client.engine.status()
  const port = edge.https?.port ?? 443
  const address = `https://${first.host}${port === 443 ? '' : `:${port}`}/`
  const isFound = first.leads !== 'nowhere' && first.leads !== 'elsewhere'
  return isFound
    ? { address, sentence: `It is at ${address}` }
    : { address: null, sentence: `${first.sentence} ${first.fix ?? ''}`.trim() }
}

function openInBrowser(address: string): void {
  const opener = hasDisplay() ? findDefaultOpener() : null
  if (!opener) return
  const child = spawn(opener.program, [...opener.args, address], { detached: true, stdio: 'ignore' })
  child.once('error', (error) => printError(`The browser could not be opened: ${error.message}.`))
  child.unref()
}
