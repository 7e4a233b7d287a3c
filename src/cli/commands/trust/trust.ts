import { type Flags, type OptionsOf, facts, group, keys, runs } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { clientTrustLabel, isTrusting } from '../../../domain/client-trust.ts'
import { clientsByName } from '../../../domain/clients-by-name.ts'
import type { ProofPageEvent, TrustAction, TrustAtlas, TrustClient } from '../../../contract/trust/trust.ts'
import type { GlobalOptions, Session, Result } from '../../frame/command.ts'
import { dryRunFlag, yesFlag } from '../../flags/confirmation.ts'
import { table } from '../../output/format.ts'
import { containerCommand } from '../container/container.ts'
import { deviceCommand } from '../device/device.ts'
import { changeTrust } from '../../changes/carry-out.ts'
import { environmentText, formats, type EnvironmentFormat } from './environment.ts'
import { proofTable, proven } from './proof-table.ts'
import { printError, printLine, report } from '../../output/output.ts'
import { withEngine } from '../../session.ts'
import { moment } from '../../output/times.ts'
import { sentences } from '../../../contract/text/sentences.ts'

const clientFlag = {
  '--client <name...>': 'only these clients, by the names that "edgekeep trust" lists, or the start of them',
} as const
type ClientOptions = OptionsOf<typeof clientFlag>

const changeFlags = { ...clientFlag, ...yesFlag, ...dryRunFlag }
type ChangeOptions = OptionsOf<typeof changeFlags>

const proveFlags = {
  ...clientFlag,
  '--page': {
    about:
      'try a browser that is open already: print the address of a page to open in it, and wait for the result',
    conflicts: 'client',
  },
} as const satisfies Flags
type ProveOptions = OptionsOf<typeof proveFlags>

const examples = `
Examples:
  $ edgekeep trust                         the clients on this computer, and whether they trust it
  $ edgekeep trust install                 shows what it changes, and asks
  $ edgekeep trust install --client firefox
  $ edgekeep trust test --client chromium runs Chromium against the edge
  $ edgekeep trust test --page            tries the browser that is open already
  $ eval "$(edgekeep trust env)"           for programs that read variables
  $ edgekeep trust device                  a phone, by a QR code
  $ edgekeep trust undo                    restores every store

Exit status: 0 every client asked about trusts the authority (after test: passed it), if only with the
variables of "edgekeep trust env"; 1 not all.`

const proveExamples = `
Examples:
  $ edgekeep trust test                   every client that Edgekeep can run
  $ edgekeep trust test --client firefox  each profile of Firefox, with a copy of its certificates
  $ edgekeep trust test --page            the browser in which you open the page

The address of the page is written to standard error, works once and for ten minutes, and is gone with Ctrl-C.
With --json it is a line of its own there: {"type":"page","address":…,"expiresAt":…}.

Exit status: 0 passed, 1 not.`

export const trustCommands = group(
  'trust',
  'which clients on this computer trust the local authority',
  [
    facts('status', {
      isDefault: true,
      about:
        'List the clients on this computer, the stores they read, and whether they trust the local authority.',
      flags: clientFlag,
      examples: ['trust status', 'trust status --client firefox'],
      run: status,
    }),
    keys('install', {
      summary: 'make clients trust the local authority',
      about:
        'Make clients trust the local authority. The changes are shown first; the administrator’s password is asked for once, by sudo.',
      flags: changeFlags,
      examples: ['trust install', 'trust install --client firefox --dry-run'],
      run: (session, options: ChangeOptions) => change(session, 'install', options),
    }),
    keys('undo', {
      summary: 'restore every store',
      about:
        'Remove the local authority again. A store that nothing else has changed is restored byte for byte.',
      flags: changeFlags,
      examples: ['trust undo', 'trust undo --client firefox --dry-run'],
      run: (session, options: ChangeOptions) => change(session, 'undo', options),
    }),
    keys('test', {
      summary: 'run each client against the edge',
      about:
        'Run each client, without certificate options, against a name that the edge serves for this test. It passes when the edge sees the handshake succeed.',
      flags: proveFlags,
      help: proveExamples,
      run: (session, options: ProveOptions) => (options.page ? provePage(session) : prove(session, options)),
    }),
    deviceCommand,
    containerCommand,
    runs('env', {
      about:
        'Print environment variables for programs that read no store: for a shell, an .envrc, a unit file, a container or a Dockerfile.',
      flags: { '--format <format>': { about: 'output format', choices: formats, default: 'shell' } },
      help: '\nExamples:\n  $ eval "$(edgekeep trust env)"\n  $ edgekeep trust env --format systemd\n\nThe bundle that the variables name, and the local authority, are made if they are missing; "edgekeep trust undo" removes the bundle. On failure the output for a shell is the command "false", so that eval fails too.',
      run: environment,
    }),
  ],
  examples,
)

async function status({ client }: Session, options: ClientOptions): Promise<Result> {
  const atlas = await client.trust.status()
  const clients = chosen(atlas, options)
  // Optional clients count only if they were named.
  const lacking = clients.filter(
    ({ trust, optional }) => !isTrusting(trust) && (!optional || options.client !== undefined),
  )
  const notes = notesOf(atlas, clients)
  const text = clients.length > 0 ? clientTable(atlas, clients) : sentences.noTrustClients
  return {
    data: { ...atlas, clients },
    text: [text, ...notes].join('\n'),
    no: lacking.length > 0 ? notAll(lacking) : undefined,
  }
}

function chosen(atlas: TrustAtlas, { client: wanted }: ClientOptions): TrustClient[] {
  return wanted ? clientsByName(atlas.clients, wanted) : atlas.clients
}

function clientTable({ stores }: TrustAtlas, clients: TrustClient[]): string {
  const rows = clients.map((client) => {
    const read = client.stores.flatMap((id) => stores.find((store) => store.id === id) ?? [])
    return [
      client.name,
      clientTrustLabel(client),
      client.sentence,
      read.map(({ location }) => location).join(' or '),
    ]
  })
  return table(['CLIENT', 'STATE', 'WHAT IS KNOWN', 'READS'], rows)
}

/** Reasons why a store cannot be changed, each once, and the command that fixes it. */
function notesOf({ stores }: TrustAtlas, clients: TrustClient[]): string[] {
  const read = new Set(clients.flatMap((each) => each.stores))
  const notes = stores.flatMap(({ id, obstacle }) =>
    read.has(id) && obstacle
      ? [`${obstacle.sentence}${obstacle.command ? ` Run: ${obstacle.command}` : ''}`]
      : [],
  )
  return notes.length > 0 ? ['', ...new Set(notes)] : []
}

function change(
  { client, global }: Session,
  action: TrustAction,
  { client: clients, ...options }: ChangeOptions,
): Promise<Result> {
  return changeTrust(client, global, {
    ...options,
    action,
    clients,
    question: `${action === 'install' ? 'Install it' : 'Undo that'}?`,
    nothing: action === 'install' ? 'It is trusted already.' : sentences.nothingToUndo,
  })
}

async function prove({ client, global }: Session, options: ClientOptions): Promise<Result> {
  const clients = await proven(client.trust.prove({ clients: options.client }), global)
  const refused = clients.filter(({ proof }) => !proof?.ok)
  return {
    data: { clients },
    text: proofTable(clients),
    no: refused.length > 0 ? notAll(refused) : undefined,
  }
}

async function environment(
  global: GlobalOptions,
  { format }: { format: EnvironmentFormat },
): Promise<number> {
  try {
    const answer = await withEngine(global, ({ client }) => client.trust.env(), 'facts')
    const text = environmentText(answer.variables, format)
    return report({ data: { ...answer }, text }, global.json ?? false)
  } catch (error) {
    // The exit status of a command substitution is lost, and "eval" of an empty text succeeds.
    if (!global.json && ['shell', 'envrc', 'fish'].includes(format)) printLine('false')
    throw error
  }
}

function notAll(clients: TrustClient[]): EdgekeepError {
  return new EdgekeepError('trust.not_all', { names: clients.map(({ name }) => name) })
}

/**
 * Probes an open browser: the person opens the page in it. Ctrl-C ends the process, and the page with its
 * connection.
 */
async function provePage({ client, global: { json } }: Session): Promise<Result> {
  for await (const event of await client.trust.provePage()) {
    if (event.type === 'outcome') return resultOf(event)
    printError(json ? JSON.stringify(event) : formatEvent(event))
  }
  throw new TypeError('A page ends with its outcome')
}

function formatEvent(event: Exclude<ProofPageEvent, { type: 'outcome' }>): string {
  if (event.type === 'opened') return `${event.browser} opened it. Asking the edge …`
  const { address, expiresAt } = event
  return `Open this address in the browser to be tried:\n\n  ${address}\n\nIt works once, until ${moment(expiresAt)}. Press Ctrl-C to stop.`
}

function resultOf(event: Extract<ProofPageEvent, { type: 'outcome' }>): Result {
  const { type: _, ...data } = event
  const { outcome, browser, title, sentence, words, todo } = event
  const lines = [`${title}.`, sentence, words && `The edge saw: ${words}`, todo]
  const notProven = new EdgekeepError('trust.not_all', { names: [browser ?? 'the browser of the page'] })
  return {
    data,
    text: lines.filter((line) => line !== null && line !== '').join('\n'),
    no: outcome === 'trusted' ? undefined : notProven,
  }
}
