import { type Flags, type OptionsOf, facts, group, keys } from '../../frame/declare.ts'
import { resolve } from 'node:path'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type ShownTarget, type Target, targetKindSchema } from '../../../contract/targets/targets.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { confirm, type ErasureOptions, yesFlag } from '../../flags/confirmation.ts'
import { portOf } from '../../flags/start.ts'
import { asUploads, readFile } from '../../input/files.ts'
import { askPassphraseAt, givenPassphrase, passwordFlag, passwordStdinFlag } from '../../input/passphrase.ts'
import { incompleteRenewal } from '../../../domain/incomplete-renewal.ts'
import { table } from '../../output/format.ts'
import { day } from '../../output/times.ts'
import { formatReports } from './format-reports.ts'

const addFlags = {
  '--kind <kind>': { about: 'kind of server', choices: targetKindSchema.options, isRequired: true },
  '--config <file>':
    'main configuration of the server, or kustomization for Kubernetes (default: where its package has it)',
  '--control <place>':
    'HAProxy: socket of its master (else "systemctl reload haproxy"); Caddy: address of its admin API',
  '--sudo': "run the server's own program by sudo -n; the commands are printed",
  '--ssh <addresses...>': 'servers of a fleet by SSH: user@host or user@host:port (default: this computer)',
  '--ssh-key <file>': 'private key for SSH, which goes into the vault (default: the keys of your agent)',
  ...passwordFlag,
  ...passwordStdinFlag,
  '--bind <address>': 'only address on which the server listens (default: all)',
  '--https-port <port>': 'HTTPS port of the server (default: 443)',
  '--http-port <port>': 'HTTP port of the server (default: 80)',
} as const satisfies Flags
type AddOptions = OptionsOf<typeof addFlags>

export const targetCommands = group('target', 'servers that domains are published to', [
  keys('add <name>', {
    summary: 'add a server to publish to',
    about:
      'Add a server to publish to, of this computer or by SSH, with the keys of your agent or a key of its own (--ssh-key), which is sealed in the vault and signs logins there. Edgekeep makes a folder of its own beside the configuration and writes nowhere else; the one line that lets the server read it is printed, for you to add. Traefik and Kubernetes were never run with it: what is written for them follows their documentation and schemas.',
    flags: addFlags,
    examples: [
      'target add web --kind nginx --sudo',
      'target add lb --kind haproxy --control /run/haproxy-master.sock',
      'target add shops --kind nginx --sudo --ssh deploy@web1.example deploy@web2.example',
      'target add web --kind nginx --sudo --ssh deploy@web1.example --ssh-key ~/.ssh/deploy',
      'target add k8s --kind kubernetes --config deploy/kustomization.yaml',
    ],
    run: add,
  }),
  facts('list', {
    isDefault: true,
    about: 'List the targets with what they serve.',
    examples: ['target list'],
    run: list,
  }),
  facts('show <name>', {
    about: 'Show a target: its line of configuration, its commands, its last publication.',
    examples: ['target show web'],
    run: show,
  }),
  facts('check <name>', {
    summary: 'compare a target with what was published',
    about:
      'Compare a target with what was published: its files, and what it answers. Exit status 1 if something differs. Nothing is changed.',
    examples: ['target check web'],
    run: check,
  }),
  keys('remove <name>', {
    summary: 'forget a target',
    about: 'Forget a target. Its server keeps what it serves, with its keys; the folder to remove is named.',
    flags: yesFlag,
    examples: ['target remove web'],
    run: remove,
  }),
])

async function add({ client }: Session, name: string, options: AddOptions): Promise<Result> {
  const { config, httpsPort, httpPort, sshKey, password: _, passwordStdin: __, ...rest } = options
  const settings = {
    name,
    ...rest,
    ...(config !== undefined && { config: resolve(config) }),
    httpsPort: portOf('--https-port', httpsPort),
    httpPort: portOf('--http-port', httpPort),
  }
  const shown =
    sshKey === undefined
      ? await client.targets.add(settings)
      : await addWithKey(client, settings, { file: sshKey, passphrase: givenPassphrase(options) })
  const text = `Added ${name}. Edgekeep writes to ${shown.folder} alone.\n${hostKeysText(shown)}${setupText(shown)}`
  return { data: { ...shown }, text }
}

/** Asks for the passphrase of an encrypted key, once. */
async function addWithKey(
  client: Client,
  settings: Omit<Parameters<Client['targets']['add']>[0], 'sshKey'>,
  { file, passphrase }: { file: string; passphrase: string | undefined },
): Promise<ShownTarget> {
  const [upload] = asUploads([readFile(file)])
  if (!upload) throw usageError('--ssh-key names one file.')
  const add = (given: string | undefined) =>
    client.targets.add({
      ...settings,
      sshKey: { file: upload, ...(given !== undefined && { passphrase: given }) },
    })
  try {
    return await add(passphrase)
  } catch (error) {
    if (asEdgekeepError(error).code !== 'key.encrypted') throw error
    return await add(await askPassphraseAt({ file }))
  }
}

/** The person compares them; from now on no other is accepted. */
function hostKeysText({ target: { servers } }: ShownTarget): string {
  const keys = servers.flatMap(({ address, hostKey }) =>
    hostKey === null ? [] : `  ${address} ${hostKey}\n`,
  )
  if (keys.length === 0) return ''
  return `Host keys, pinned from now on; compare them there with "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub":\n${keys.join('')}`
}

function setupText({ include: { line, place }, commands, target, authorized, caution }: ShownTarget): string {
  const heading = target.sudo
    ? 'Commands that Edgekeep runs, to be allowed for your user in sudoers:'
    : 'Commands that Edgekeep runs:'
  return [
    ...(caution === null ? [] : [caution]),
    ...(authorized === null ? [] : ['Public key, for ~/.ssh/authorized_keys there:', `  ${authorized}`]),
    `Add once, ${place}:`,
    `  ${line}`,
    ...(commands.length > 0 ? [heading, ...commands.map((command) => `  ${command}`)] : []),
    `Then: edgekeep publish shop.example --to ${target.name} --dry-run`,
  ].join('\n')
}

async function list({ client }: Session): Promise<Result> {
  const targets = await client.targets.list()
  const none = 'There is no target. Begin with: edgekeep target add web --kind nginx'
  return {
    data: { targets },
    text: table(columns, targets.map(row), none),
  }
}

const columns = ['TARGET', 'KIND', 'DOMAINS', 'LAST PUBLICATION', 'CERTIFICATES END', 'RENEWS']

function row({ name, kind, domains, servers, history, renewal }: Target): string[] {
  const [last] = history
  const states = last ? `${last.servers.map(({ state }) => state).join(', ')} (${day(last.at)})` : 'none yet'
  const [first] = servers
    .flatMap(({ certificates }) => certificates.map(({ notAfter }) => notAfter))
    .toSorted()
  const renews = renewal === null ? 'no' : renewal.lastAttempt ? 'NOT COMPLETE' : 'by itself'
  return [name, kind, domains.join(', '), states, first === undefined ? '' : day(first), renews]
}

async function show({ client }: Session, name: string): Promise<Result> {
  const shown = await client.targets.show({ target: name })
  const [last] = shown.target.history
  const lines = [table(columns, [row(shown.target)]), incompleteRenewal(shown.target) ?? '']
  const report = last ? formatReports(last.servers) : ''
  return { data: { ...shown }, text: [...lines, setupText(shown), report].filter(Boolean).join('\n\n') }
}

async function check({ client }: Session, name: string): Promise<Result> {
  const servers = await client.targets.check({ target: name })
  const drifted = servers.filter(({ drift }) => drift.length > 0).map(({ server }) => server)
  return {
    data: { servers },
    text: servers
      .flatMap(({ server, drift }) =>
        (drift.length > 0 ? drift : ['as published']).map((each) => `${server}: ${each}`),
      )
      .join('\n'),
    no: drifted.length > 0 ? new EdgekeepError('target.drifted', { servers: drifted }) : undefined,
  }
}

async function remove({ client }: Session, name: string, { yes }: ErasureOptions): Promise<Result> {
  if (!yes) await confirm(`The server keeps what it serves, and Edgekeep forgets it. Forget ${name}?`)
  const { folder } = await client.targets.remove({ target: name })
  return {
    data: { target: name, folder },
    text: `Forgot ${name}. Its server still reads ${folder}: remove the line from its configuration first, then the folder.`,
  }
}
