import { type Flags, type OptionsOf, all, keys } from '../../frame/declare.ts'
import type { AcmeServerSettings, AcmeServerState } from '../../../contract/acme/acme-server.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { yesFlag, type ErasureOptions, confirm } from '../../flags/confirmation.ts'
import { table, factLines } from '../../output/format.ts'
import { collect } from '../../flags/judging.ts'

const serveFlags = {
  '--port <n>': 'port to listen on (default: 14000)',
  '--off': 'stop it',
  '--waive <name>': {
    about: 'do not validate this name and those below it; can be repeated',
    parse: collect,
  },
  '--waive-none': 'validate every name',
  '--require-binding': 'require an external account binding of every account',
  '--no-require-binding':
    'take accounts without one (the default where Edgekeep can identify the user of a program: on Linux)',
  '--http-port <n>': 'port on 127.0.0.1 where http-01 is validated (default: 80)',
  '--tls-port <n>': 'port on 127.0.0.1 where tls-alpn-01 is validated (default: 443)',
  '--dns-port <n>': 'port of a DNS server on 127.0.0.1 for dns-01; "-": none',
} as const satisfies Flags
type ServeOptions = OptionsOf<typeof serveFlags>

export const acmeServerCommands = all([
  keys('serve', {
    summary: 'let programs on this computer get local certificates by ACME',
    about:
      'Let programs on this computer get certificates from the local authority by ACME, as they do in production. The server listens on loopback only, while the engine runs, until you turn it off. Its settings are kept.',
    flags: serveFlags,
    examples: [
      'acme serve --waive test',
      '$ certbot certonly --server https://localhost:14000/directory -d shop.test …',
    ],
    run: serve,
  }),
  keys('binding [label]', {
    summary: 'create an external account binding for a client',
    about:
      'Create an external account binding for a client: a key ID and a MAC key, which is shown only once. It is good for one account key. Without a label: list them. --remove removes one.',
    flags: { ...yesFlag, '--remove <id>': 'remove an external account' },
    examples: ['acme binding "build server"'],
    run: binding,
  }),
])

async function serve({ client, engineRuns }: Session, options: ServeOptions): Promise<Result> {
  const state = await client.acmeServer.set(wantedOf(options))
  return { data: { ...state }, text: formatServer(state, engineRuns) }
}

function wantedOf(options: ServeOptions): Partial<AcmeServerSettings> {
  const { port, off, waive, waiveNone, requireBinding, httpPort, tlsPort, dnsPort } = options
  if (waive && waiveNone) throw usageError('Give --waive or --waive-none, not both.')
  const waived = waiveNone ? [] : waive
  return {
    enabled: !off,
    ...(port === undefined ? {} : { port: portOf(port) }),
    waived,
    requireBinding,
    ...(httpPort === undefined ? {} : { httpPort: portOf(httpPort) }),
    ...(tlsPort === undefined ? {} : { tlsPort: portOf(tlsPort) }),
    ...(dnsPort === undefined ? {} : { dnsPort: dnsPort === '-' ? null : portOf(dnsPort) }),
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw usageError(`"${text}" is not a port. Example: 14000`)
}

function formatServer(
  { settings, directory, problem, identifiesUsers }: AcmeServerState,
  engineRuns: boolean,
): string {
  if (!settings.enabled) return 'The ACME server is off.'
  const { waived, requireBinding, httpPort, tlsPort, dnsPort } = settings
  const whileEngine = engineRuns
    ? (problem ?? '')
    : 'nowhere yet: it runs while the engine does ("edgekeep up")'
  return factLines([
    ['Directory', directory ?? whileEngine],
    ['Waived', waived.join(', ') || 'none; every challenge is validated'],
    ['Challenges', `on 127.0.0.1: HTTP ${httpPort}, TLS ${tlsPort}, DNS ${dnsPort ?? 'not set'}`],
    [
      'Clients',
      identifiesUsers ? 'your programs and those of root' : 'programs of every user of this computer',
    ],
    ['Accounts', requireBinding ? 'need an external account: edgekeep acme binding' : 'open to every client'],
    ['Trust', 'give the program the root: edgekeep authority export --out root.crt'],
  ])
}

async function binding(
  { client }: Session,
  label: string | undefined,
  { remove, yes }: ErasureOptions & { remove?: string },
): Promise<Result> {
  if (remove !== undefined) {
    if (!yes) await confirm(`No program can make an account with "${remove}" any more. Remove it?`)
    await client.acmeServer.removeBinding({ id: remove })
    return { data: { removed: remove }, text: 'Removed. Accounts that were made with it stay.' }
  }
  if (label === undefined) {
    const bindings = await client.acmeServer.bindings()
    const rows = bindings.map(({ id, label: name, usedAt }) => [id, name, usedAt ?? 'never'])
    const text = table(['KEY ID', 'LABEL', 'LAST USED'], rows, 'There is no external account.')
    return { data: { bindings }, text }
  }
  const made = await client.acmeServer.addBinding({ label })
  const text = factLines([
    ['Key ID', made.id],
    ['MAC key', made.macKey],
  ])
  return { data: { binding: made }, text: `${text}\nThe MAC key is shown only once.` }
}
