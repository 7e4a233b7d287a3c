import { type Flags, type OptionsOf, runs } from '../../frame/declare.ts'
import { spawn } from 'node:child_process'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { SetupSelection } from '../../../contract/trust/setup.ts'
import { connectEngine } from '../../../engine-process/connect.ts'
import { findDefaultOpener } from '../../../engine-process/default-opener.ts'
import { hasDisplay } from '../../../engine-process/display.ts'
import { openHome } from '../../../engine-process/home.ts'
import type { GlobalOptions, Result } from '../../frame/command.ts'
import { dryRunFlag, yesFlag } from '../../flags/confirmation.ts'
import { printError, printLine, report, reportFailure } from '../../output/output.ts'
import { asUploads, readFile } from '../../input/files.ts'
import { withEngine } from '../../session.ts'
import { withRunningEngine } from '../engine/foreground.ts'
import { givenOrigin, originForms } from '../../flags/origin.ts'
import { provenSetup } from './prove-setup.ts'
import { changeComputer } from '../../changes/carry-out.ts'
import { sentences } from '../../../contract/text/sentences.ts'

const examples = `
Examples:
  $ edgekeep setup shop.test            HTTPS, trust, its name, ports 443 and 80; then a test
  $ edgekeep setup shop.test --origin 3000   adds the domain too
  $ edgekeep setup shop.test --dry-run  only show the plan
  $ edgekeep setup --undo               restore every store, the hosts file and the ports

Exit status: 0 everything is done, and the browsers here accept each domain (without browsers, the other
clients), or it is only shown; 1 not.`

/** All steps from a domain to a green padlock in one command. */
const setupFlags = {
  ...yesFlag,
  ...dryRunFlag,
  '--origin <url>': {
    about: `add the domains that do not exist yet, with this origin: ${originForms}`,
    conflicts: 'undo',
  },
  '--trust-root [file]': {
    about:
      'trust the private authority of their certificates: its root was uploaded with them, or is in this file',
    conflicts: 'undo',
  },
  '--free': { about: 'use a free certificate where browsers refuse the present one', conflicts: 'trustRoot' },
  '--undo': 'undo all changes; the domains stay',
  '--no-browser': 'do not open the browser at the end',
} as const satisfies Flags
type SetupOptions = OptionsOf<typeof setupFlags>

export const setupCommand = runs('setup [name...]', {
  summary: 'set up trusted HTTPS for a domain, or undo all of that',
  about:
    'Set up trusted HTTPS for domains, in your own browsers and tools: HTTPS, trust in the local authority, the names, and addresses without a port number. Shows the whole plan and asks first; the administrator’s password is asked for once. Then runs each browser against the domain itself, prints its address and opens it; the other clients are tested after that. Starts an engine unless one is running.',
  flags: setupFlags,
  help: examples,
  run: (global, names: string[], options: SetupOptions) =>
    options.dryRun ? planned(global, { names, options }) : setup(global, names, options),
})

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
    if (isJoined || options.undo) return null
    if (!process.stdin.isTTY) {
      printError('The edge ends now, since no terminal keeps it running. Start it with "edgekeep up".')
      return null
    }
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
  const { trustRoot, free } = options
  const cure = trustRoot ? 'trust-root' : free ? 'free-certificate' : undefined
  const [root] = typeof trustRoot === 'string' ? asUploads([readFile(trustRoot)]) : []
  const domains = names.length > 0 ? names : undefined
  const origin = options.origin === undefined ? undefined : givenOrigin(options.origin, {})
  const action = options.undo ? 'undo' : 'install'
  return { action, parts: ['https', 'trust', 'names', 'ports'], domains, origin, cure, root }
}

/** A plan needs no edge: it depends only on this computer and the vault. */
function changed(client: Client, global: GlobalOptions, request: SetupRequest): Promise<Result> {
  const { browser, undo, yes, dryRun } = request.options
  return changeComputer(client, global, {
    ...{ yes, dryRun },
    selection: selectionOf(request),
    question: undo ? 'Undo all of that?' : 'Do all of that?',
    nothing: undo ? sentences.nothingToUndo : 'Everything is set up already.',
    afterwards: undo ? [] : [`- Runs each client against it${browser ? ', and opens the browser' : ''}.`],
  })
}

async function carriedOut(client: Client, global: GlobalOptions, request: SetupRequest): Promise<Result> {
  const { options } = request
  const { domains } = selectionOf(request)
  const done = await changed(client, global, request)
  if (options.undo) return done
  if (!global.json) printLine(`${done.text}\n`)
  const opened = (address: string) => {
    if (options.browser && !global.json) openInBrowser(address)
  }
  const tested = await provenSetup({ client, global, opened }, domains)
  return { data: { ...done.data, ...tested.data }, text: tested.text, no: done.no ?? tested.no }
}

function openInBrowser(address: string): void {
  const opener = hasDisplay() ? findDefaultOpener() : null
  if (!opener) return
  const child = spawn(opener.program, [...opener.args, address], { detached: true, stdio: 'ignore' })
  child.once('error', (error) => printError(`The browser could not be opened: ${error.message}.`))
  child.unref()
}
